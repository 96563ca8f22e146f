package dev.weir.admission;

/**
 * How often what goes wrong, each from 0 to 1.
 *
 * @param lost replies that never arrive
 * @param crashed admitted calls that never settle
 * @param delayed attempts that take up to 0.8 s longer
 * @param throttled attempts that are refused before the table sees them
 * @param late attempts that reach the table up to 20 s late, long after the caller's time-out
 * @param cold calls that meet an environment without any view
 */
record Faults(
    double lost, double crashed, double delayed, double throttled, double late, double cold) {

  static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0);
  static final Faults ALL = new Faults(0.02, 0.03, 0.01, 0.01, 0, 0.03);
  static final Faults LATE = new Faults(0.02, 0.03, 0.01, 0.01, 0.05, 0.03);
}
