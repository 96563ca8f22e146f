package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {

  private static int retries(RetryBudget budget, int calls) {
    int retries = 0;
    for (int call = 0; call < calls; call++) {
      budget.deposit();
      retries += budget.take() ? 1 : 0;
    }
    return retries;
  }

  /** C34: an upstream that always fails gets a tenth more and no more, however many ask. */
  @ParameterizedTest(name = "{0} environments of {1} calls")
  @CsvSource({"1,100000", "40,2500", "1000,100", "20000,5", "50000,1"})
  void a_fleet_adds_at_most_a_tenth_to_an_upstream_that_always_fails(int environments, int calls) {
    Random random = new Random(11);
    int retries =
        IntStream.range(0, environments)
            .map(environment -> retries(new RetryBudget(10, random), calls))
            .sum();
    double extra = retries / (double) (environments * calls);

    System.out.printf(
        "retry budget: %d environments of %d calls, all failing: extra load %.2f %%%n",
        environments, calls, extra * 100);
    // Sampling error of the random start: three standard deviations at these sizes.
    assertThat(extra).isBetween(0.095, 0.105);
  }

  @Test
  void environments_restored_from_one_snapshot_do_not_start_alike() {
    AtomicInteger drawn = new AtomicInteger();
    RetryBudget budget = new RetryBudget(10, () -> drawn.incrementAndGet());
    assertThat(drawn.get()).isZero();

    budget.deposit();
    budget.deposit();
    assertThat(drawn.get()).isEqualTo(1);
  }

  @Test
  void a_quiet_hour_saves_up_no_more_than_ten() {
    RetryBudget budget = new RetryBudget(10, () -> 0);
    IntStream.range(0, 10_000).forEach(call -> budget.deposit());

    assertThat(IntStream.range(0, 100).filter(retry -> budget.take()).count()).isEqualTo(10);
  }

  @Test
  void one_failure_in_a_hundred_is_always_repeated() {
    RetryBudget budget = new RetryBudget(10, () -> 0);
    int refused = 0;
    for (int call = 1; call <= 10_000; call++) {
      budget.deposit();
      refused += call % 100 == 0 && !budget.take() ? 1 : 0;
    }
    assertThat(refused).isZero();
  }

  @Test
  void nothing_is_repeated_at_nought_percent() {
    assertThat(retries(new RetryBudget(0, () -> -1), 1000)).isZero();
  }

  @Test
  void waits_are_spread_over_the_whole_range() {
    Backoff backoff = new Backoff(new Random(3));
    long[] millis = IntStream.range(0, 10_000).mapToLong(i -> backoff.get().toMillis()).toArray();

    assertThat(Arrays.stream(millis).min()).hasValue(0);
    assertThat(Arrays.stream(millis).max()).hasValue(200);
    for (long from = 0; from < 200; from += 50) {
      long lower = from;
      assertThat(Arrays.stream(millis).filter(m -> m >= lower && m < lower + 50).count())
          .isBetween(2_200L, 2_800L);
    }
    assertThat(new Backoff(new Random(3)).get()).isEqualTo(Duration.ofMillis(millis[0]));
  }
}
