package dev.weir.remedy.drift;

import java.util.OptionalDouble;

/**
 * How far one column of a window is from the baseline.
 *
 * @param psi population stability index, 0 for equal
 * @param ksP p-value of the Kolmogorov-Smirnov test, for numbers; evidence only, for with many rows
 *     it finds differences that do not matter
 */
public record ColumnScore(
    String name, boolean critical, double psi, OptionalDouble ksP, Level level) {

  /** What a PSI asks for. */
  public enum Level {
    STEADY,
    WARN,
    ACT;

    static Level of(double psi, DriftRules rules) {
      if (psi > rules.act()) {
        return ACT;
      }
      return psi > rules.warn() ? WARN : STEADY;
    }
  }
}
