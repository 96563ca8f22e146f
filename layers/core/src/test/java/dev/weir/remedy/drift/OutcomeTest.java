package dev.weir.remedy.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.remedy.drift.ColumnScore.Level;
import dev.weir.remedy.drift.History.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
  private static final DriftRules RULES = DriftRules.DEFAULT;

  private static Finding.Compared compared(boolean drifted) {
    Level level = drifted ? Level.ACT : Level.STEADY;
    return new Finding.Compared(
        new Score(
            1000,
            List.of(new ColumnScore("c", true, drifted ? 0.5 : 0, OptionalDouble.empty(), level))),
        drifted);
  }

  private static Mark mark(int hour, boolean drifted, String baseline) {
    Instant from = START.plus(Duration.ofHours(hour));
    return new Mark(from, from.plus(Duration.ofHours(1)), baseline, 0, drifted);
  }

  private static History history(boolean... drifted) {
    History history = History.NONE;
    for (int hour = 0; hour < drifted.length; hour++) {
      history = history.with(mark(hour, drifted[hour], "b1"), RULES.windows());
    }
    return history;
  }

  @Test
  void three_of_five_windows_are_a_drift() {
    assertThat(Outcome.of(compared(true), 3, RULES)).isInstanceOf(Outcome.Drift.class);
    assertThat(Outcome.of(compared(true), 2, RULES)).isInstanceOf(Outcome.Ok.class);
  }

  @Test
  void a_steady_window_is_no_drift_whatever_was_before() {
    assertThat(Outcome.of(compared(false), 4, RULES)).isInstanceOf(Outcome.Ok.class);
  }

  @Test
  void only_a_drift_may_train() {
    List<Outcome> outcomes =
        List.of(
            new Outcome.NoData(1, 2),
            new Outcome.JobFailed("x"),
            new Outcome.SchemaBroken(1, List.of()),
            new Outcome.Ok(compared(false).score(), 0),
            new Outcome.Drift(compared(true).score(), 3));

    assertThat(outcomes.stream().map(Outcome::name))
        .containsExactly("NO_DATA", "JOB_FAILED", "SCHEMA_BROKEN", "OK", "DRIFT");
    assertThat(outcomes.stream().filter(Outcome::mayTrain).map(Outcome::name))
        .containsExactly("DRIFT");
  }

  @Test
  void too_few_rows_and_a_broken_schema_never_train_however_much_drifted() {
    assertThat(Outcome.of(new Finding.TooFew(1, 1000), 5, RULES))
        .isInstanceOf(Outcome.NoData.class);
    assertThat(Outcome.of(new Finding.Broken(1, List.of("x")), 5, RULES))
        .isInstanceOf(Outcome.SchemaBroken.class);
  }

  @Test
  void what_could_not_be_read_is_a_failed_job_and_counts_as_steady() {
    Finding unread = new Finding.Unread("S3 answered 403");

    assertThat(Outcome.of(unread, 5, RULES)).isEqualTo(new Outcome.JobFailed("S3 answered 403"));
    assertThat(unread.hasDrifted()).isFalse();
    assertThat(unread.psi()).isZero();
  }

  @Test
  void only_the_last_windows_count() {
    History history = history(true, true, true, false, false, false);

    assertThat(history.marks()).hasSize(5);
    assertThat(history.drifted()).isEqualTo(2);
  }

  @Test
  void a_window_that_is_judged_again_counts_once() {
    History history = history(true, false);

    assertThat(history.with(mark(1, true, "b1"), 5)).isEqualTo(history(true, true));
    assertThat(history.with(mark(1, true, "b1"), 5).with(mark(1, true, "b1"), 5).drifted())
        .isEqualTo(2);
  }

  @Test
  void windows_may_be_judged_in_any_order() {
    History late = History.NONE;
    for (int hour : IntStream.rangeClosed(0, 5).map(i -> 5 - i).toArray()) {
      late = late.with(mark(hour, hour < 3, "b1"), 5);
    }

    assertThat(late.marks().stream().map(Mark::from)).isSorted();
    assertThat(late.drifted()).isEqualTo(2);
  }

  @Test
  void a_new_baseline_begins_anew() {
    assertThat(history(true, true, true).with(mark(3, false, "b2"), 5).drifted()).isZero();
  }
}
