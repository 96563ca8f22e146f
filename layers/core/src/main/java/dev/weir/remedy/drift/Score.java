package dev.weir.remedy.drift;

import dev.weir.remedy.drift.ColumnScore.Level;
import java.util.Comparator;
import java.util.List;

/**
 * How far a window is from the baseline.
 *
 * @param columns the farthest first
 */
public record Score(long rows, List<ColumnScore> columns) {

  public Score {
    columns =
        columns.stream().sorted(Comparator.comparingDouble(ColumnScore::psi).reversed()).toList();
  }

  /** The PSI of the column that is farthest. */
  public double psi() {
    return columns.getFirst().psi();
  }

  /** Names of the columns that have drifted. */
  public List<String> drifted() {
    return columns.stream()
        .filter(column -> column.level() == Level.ACT)
        .map(ColumnScore::name)
        .toList();
  }

  /** Names of the columns that are worth a look. */
  public List<String> warned() {
    return columns.stream()
        .filter(column -> column.level() == Level.WARN)
        .map(ColumnScore::name)
        .toList();
  }

  /** Whether the window has drifted: a critical column has, or enough of all. */
  public boolean hasDrifted(DriftRules rules) {
    boolean critical =
        columns.stream().anyMatch(column -> column.critical() && column.level() == Level.ACT);
    int count = drifted().size();
    return critical || (count > 0 && count >= rules.featureShare() * columns.size());
  }
}
