package dev.weir.remedy.drift;

import java.util.List;

/** What is to be made of a window; only {@link Drift} may train a model. */
public sealed interface Outcome {

  /** Too few rows to tell chance from change. Nothing is wrong, and nothing is shown. */
  record NoData(long rows, long needed) implements Outcome {}

  /** The window could not be judged: no baseline, or data that could not be read. */
  record JobFailed(String reason) implements Outcome {}

  /** Columns, types, missing or unseen values: somebody must look at the data. */
  record SchemaBroken(long rows, List<String> incidents) implements Outcome {}

  /**
   * The data has moved, and stays moved.
   *
   * @param windows how many of the last windows have drifted, this one included
   */
  record Drift(Score score, int windows) implements Outcome {}

  /**
   * The data is as it was, or has not been otherwise for long enough.
   *
   * @param windows how many of the last windows have drifted
   */
  record Ok(Score score, int windows) implements Outcome {}

  /**
   * The outcome of a window after those before it.
   *
   * @param drifted how many of the last windows have drifted, this one included
   */
  static Outcome of(Finding finding, int drifted, DriftRules rules) {
    return switch (finding) {
      case Finding.Unread(String reason) -> new JobFailed(reason);
      case Finding.TooFew(long rows, long needed) -> new NoData(rows, needed);
      case Finding.Broken(long rows, List<String> incidents) -> new SchemaBroken(rows, incidents);
      case Finding.Compared(Score score, boolean now) ->
          now && drifted >= rules.drifted() ? new Drift(score, drifted) : new Ok(score, drifted);
    };
  }

  /** Its name on the wire and in the history. */
  default String name() {
    return switch (this) {
      case NoData _ -> "NO_DATA";
      case JobFailed _ -> "JOB_FAILED";
      case SchemaBroken _ -> "SCHEMA_BROKEN";
      case Drift _ -> "DRIFT";
      case Ok _ -> "OK";
    };
  }

  /** Whether a model may be trained because of it. */
  default boolean mayTrain() {
    return this instanceof Drift;
  }
}
