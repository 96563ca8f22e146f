package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Simulation.Calls;
import dev.weir.admission.Simulation.Fleet;
import dev.weir.admission.Simulation.Outcome;
import dev.weir.admission.Simulation.Plan;
import dev.weir.tenant.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No rolling 60 s of true time holds more than the limits, with clocks off by exactly the allowed
 * error, lost replies, crashes, delays, throttling and cold environments.
 */
class RollingLimitTest {

  @ParameterizedTest
  @CsvSource({"3, 240", "20, 60", "100, 15", "600, 4"})
  void holds_for_every_traffic_and_skew(long limit, long minutes) throws InterruptedException {
    for (Skew skew : List.of(Skew.CONST, Skew.RAND)) {
      for (Traffic traffic : Traffic.values()) {
        Plan plan = plan(Some.rates(limit, limit * 260), Some.WORST, skew, limit);
        assertHolds("limit " + limit + " " + skew + " " + traffic, plan, traffic, minutes);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "10"})
  void holds_for_other_slots(long slotSeconds) throws InterruptedException {
    LimiterSettings settings = Some.slots(Some.WORST, Duration.ofSeconds(slotSeconds));
    Plan plan = plan(Some.rates(20, 5200), settings, Skew.RAND, slotSeconds);
    assertHolds("slots of " + slotSeconds + " s", plan, Traffic.SLOT_EDGE, 60);
  }

  @ParameterizedTest
  @CsvSource({"3, 120", "20, 60", "100, 15"})
  void holds_when_tokens_are_scarce(long limit, long minutes) throws InterruptedException {
    for (Traffic traffic : List.of(Traffic.SATURATED, Traffic.SLOT_EDGE)) {
      Plan plan = plan(Some.rates(limit, limit * 160), Some.WORST, Skew.RAND, limit);
      assertHolds("scarce tokens, limit " + limit + " " + traffic, plan, traffic, minutes);
    }
  }

  @Test
  void holds_for_calls_that_outlast_the_window() throws InterruptedException {
    Plan plan = plan(Some.rates(60, 60 * 160), Some.WORST, Skew.RAND, 7).with(Calls.LONG);
    assertHolds("calls of 1 to 120 s", plan, Traffic.SATURATED, 20);
  }

  @Test
  void holds_when_updates_take_effect_long_after_the_time_out() throws InterruptedException {
    for (long seed = 1; seed <= 3; seed++) {
      Fleet late =
          new Fleet(Fleet.worst(Some.WORST, Skew.CONST).program(), Skew.CONST, Faults.LATE, false);
      Plan plan = plan(Some.rates(3, 780), Some.WORST, Skew.CONST, seed).with(late);
      assertHolds("up to 20 s late", plan, Traffic.SLOT_EDGE, 120);
    }
  }

  private static Plan plan(Limits limits, LimiterSettings settings, Skew skew, long seed) {
    return new Plan(limits, settings, Fleet.worst(settings, skew), Calls.SHORT, seed);
  }

  private static void assertHolds(String name, Plan plan, Traffic traffic, long minutes)
      throws InterruptedException {
    long requests = plan.limits().requestsPerMinute().orElseThrow();
    long tokens = plan.limits().tokensPerMinute().orElseThrow();
    List<Long> arrivals =
        traffic.arrivals(requests, minutes * Traffic.MINUTE, new Random(plan.seed()));
    Outcome outcome = Simulation.run(plan, arrivals);
    History.Verdict verdict = outcome.history.judge(Traffic.MINUTE, requests, tokens);
    System.out.printf(
        "rolling limit: %s: %d of %d calls admitted, worst 60 s %d/%d requests %d/%d tokens%n",
        name,
        outcome.admitted,
        outcome.calls,
        verdict.worstRequests(),
        requests,
        verdict.worstTokens(),
        tokens);
    assertThat(verdict.violations()).as(name).isZero();
    assertThat(outcome.admitted).as(name).isPositive();
  }
}
