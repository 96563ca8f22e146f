package dev.weir.remedy.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of one window, counted against a baseline. Its memory does not grow with them. Not
 * thread-safe.
 */
public final class Window {

  private static final int MOST_NAMES = 20;

  private final Baseline baseline;
  private final List<Tally> tallies;
  private final Set<String> known;
  private final boolean judgesAnswers;
  private final Map<String, Long> flaws = new TreeMap<>();
  private long rows;
  private long broken;

  public Window(Baseline baseline) {
    this.baseline = baseline;
    tallies = baseline.columns().stream().map(Tally::new).toList();
    known = baseline.columns().stream().map(Column::name).collect(Collectors.toSet());
    judgesAnswers = baseline.columns().stream().anyMatch(Column::isPrediction);
  }

  /**
   * Counts a row.
   *
   * @param row values by column, empty where there is none
   */
  public void add(Map<String, String> row) {
    rows++;
    Set<String> found = new TreeSet<>();
    for (Tally tally : tallies) {
      tally.add(row).ifPresent(found::add);
    }
    row.keySet().stream()
        .filter(name -> !known.contains(name))
        .filter(name -> judgesAnswers || !name.startsWith(Column.PREDICTION))
        .forEach(name -> found.add("extra column " + name));
    flawed(found);
  }

  /** Counts a row that could not be read as one. */
  public void addUnreadable() {
    rows++;
    flawed(Set.of("unreadable payload"));
  }

  private void flawed(Set<String> found) {
    if (!found.isEmpty()) {
      broken++;
      found.stream()
          .filter(flaw -> flaws.containsKey(flaw) || flaws.size() < MOST_NAMES)
          .forEach(flaw -> flaws.merge(flaw, 1L, Long::sum));
    }
  }

  /** How many rows were counted. */
  public long rows() {
    return rows;
  }

  /** The id of the baseline it is counted against. */
  public String baselineId() {
    return baseline.id();
  }

  /** What speaks against judging these rows at all; empty where nothing does. */
  List<String> incidents() {
    List<String> incidents = new ArrayList<>();
    if (broken > DriftRules.SCHEMA_SHARE * rows) {
      flaws.forEach((flaw, count) -> incidents.add("%s in %d rows".formatted(flaw, count)));
    }
    tallies.forEach(tally -> incidents.addAll(tally.incidents(rows, baseline.rows())));
    return incidents;
  }

  /** How far each column is from the baseline. */
  List<ColumnScore> scores(DriftRules rules) {
    return tallies.stream().map(tally -> tally.score(rules)).toList();
  }

  /** The values of one column. */
  private static final class Tally {
    private final Column column;
    private final long[] cells;
    private final long[] expected;
    private long missing;

    Tally(Column column) {
      this.column = column;
      expected = column.distribution().counts().stream().mapToLong(Long::longValue).toArray();
      cells = new long[expected.length];
    }

    /** Counts the row's value; says what is wrong with it, if anything. */
    Optional<String> add(Map<String, String> row) {
      String value = row.get(column.name());
      if (value == null) {
        return Optional.of("missing column " + column.name());
      }
      if (value.isEmpty()) {
        missing++;
        return Optional.empty();
      }
      OptionalInt cell = column.distribution().cell(value);
      cell.ifPresent(index -> cells[index]++);
      return cell.isPresent()
          ? Optional.empty()
          : Optional.of("no number in column " + column.name());
    }

    List<String> incidents(long rows, long baselineRows) {
      List<String> incidents = new ArrayList<>();
      double more = share(missing, rows) - share(column.missing(), baselineRows);
      if (more > DriftRules.EXCESS_SHARE) {
        incidents.add("column %s lacks %d values".formatted(column.name(), missing));
      }
      if (column.distribution() instanceof Distribution.Categories) {
        int others = cells.length - 1;
        double unseen =
            share(cells[others], Statistics.total(cells))
                - share(expected[others], Statistics.total(expected));
        if (unseen > DriftRules.EXCESS_SHARE) {
          incidents.add(
              "column %s has %d values unknown to the baseline"
                  .formatted(column.name(), cells[others]));
        }
      }
      return incidents;
    }

    ColumnScore score(DriftRules rules) {
      Distribution distribution = column.distribution();
      double psi = Statistics.psi(distribution.bins(expected), distribution.bins(cells));
      return new ColumnScore(
          column.name(),
          column.critical(),
          psi,
          distribution instanceof Distribution.Quantiles
              ? OptionalDouble.of(Statistics.kolmogorovSmirnov(expected, cells))
              : OptionalDouble.empty(),
          ColumnScore.Level.of(psi, rules));
    }

    private static double share(long part, long whole) {
      return whole == 0 ? 0 : (double) part / whole;
    }
  }
}
