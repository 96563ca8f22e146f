package dev.weir.remedy.drift;

import java.util.List;

/** What one window shows by itself. */
public sealed interface Finding {

  /** Too few rows to tell chance from change. */
  record TooFew(long rows, long needed) implements Finding {}

  /** The rows are not such as the baseline was made of. */
  record Broken(long rows, List<String> incidents) implements Finding {}

  /**
   * The rows could be compared.
   *
   * @param drifted whether this window has drifted, whatever the others did
   */
  record Compared(Score score, boolean drifted) implements Finding {}

  /** The rows could not be read, so nothing is known of them. */
  record Unread(String reason) implements Finding {}

  /** The largest PSI of a column; 0 where nothing could be compared. */
  default double psi() {
    return this instanceof Compared compared ? compared.score().psi() : 0;
  }

  /** Whether this window has drifted by itself; what could not be compared has not. */
  default boolean hasDrifted() {
    return this instanceof Compared compared && compared.drifted();
  }

  /** Judges a window by itself. */
  static Finding of(Window window, DriftRules rules) {
    if (window.rows() < rules.minRows()) {
      return new TooFew(window.rows(), rules.minRows());
    }
    List<String> incidents = window.incidents();
    if (!incidents.isEmpty()) {
      return new Broken(window.rows(), incidents);
    }
    Score score = new Score(window.rows(), window.scores(rules));
    return new Compared(score, score.hasDrifted(rules));
  }
}
