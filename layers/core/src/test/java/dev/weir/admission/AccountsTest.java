package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Simulation.Calls;
import dev.weir.admission.Simulation.Fleet;
import dev.weir.admission.Simulation.Outcome;
import dev.weir.admission.Simulation.Plan;
import dev.weir.tenant.Limits;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Money and concurrency slots with lost replies, crashes, delays and throttling. */
class AccountsTest {

  @ParameterizedTest
  @EnumSource(Skew.class)
  void a_budget_is_off_by_exactly_what_crashed_calls_had_reserved(Skew skew)
      throws InterruptedException {
    Outcome outcome = run(Some.rates(300, 300 * 260), skew, 11);
    long spent = outcome.spent.values().stream().mapToLong(Long::longValue).sum();
    long leaked = outcome.leaked.values().stream().mapToLong(Long::longValue).sum();
    System.out.printf(
        "accounts: %s: budget %d - spent %d = leaked %d micro-USD of %d crashed calls%n",
        skew, outcome.number("bl"), spent, leaked, outcome.leaked.size());

    assertThat(outcome.leaked).isNotEmpty();
    assertThat(outcome.number("bl") - spent).isEqualTo(leaked);
    assertThat(outcome.number("m202703") + outcome.number("m202702"))
        .isEqualTo(outcome.number("bl"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void concurrency_is_never_exceeded(long seed) throws InterruptedException {
    Outcome outcome = run(Some.concurrency(20), Skew.CONST, seed);
    System.out.printf(
        "accounts: %d of at most 20 calls at once, %d admitted, %d crashed%n",
        outcome.worstInFlight, outcome.admitted, outcome.leaked.size());

    assertThat(outcome.worstInFlight).isEqualTo(20);
    assertThat(outcome.leaked).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_budget_is_never_exceeded(long seed) throws InterruptedException {
    OptionalLong none = OptionalLong.empty();
    Limits limits = new Limits(none, none, none, none, none, OptionalLong.of(200_000));
    Outcome outcome = run(limits, Skew.RAND, seed);

    assertThat(outcome.number("bl")).isBetween(199_000L, 200_000L);
    assertThat(outcome.denied).isPositive();
  }

  private static Outcome run(Limits limits, Skew skew, long seed) throws InterruptedException {
    Fleet fleet = Fleet.worst(Some.WORST, skew);
    Plan plan = new Plan(limits, Some.WORST, fleet, Calls.SHORT, seed);
    return Simulation.run(
        plan, Traffic.SATURATED.arrivals(300, 8 * Traffic.MINUTE, new Random(seed)));
  }
}
