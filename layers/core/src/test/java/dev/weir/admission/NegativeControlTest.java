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

/** Limiters that break one rule each: the checker of {@link RollingLimitTest} must catch them. */
class NegativeControlTest {

  private static final LimiterSettings FINE = Some.slots(Some.WORST, Duration.ofSeconds(1));

  @Test
  void a_fixed_window_lets_twice_the_limit_through_at_the_edge() throws InterruptedException {
    Fleet fixed =
        Fleet.healthy(Some.DEPLOYED, Skew.NONE)
            .running((client, clock, truth) ->
                new FixedWindowAdmission(
                    client, Simulation.TABLE, clock, Duration.ofMinutes(1), 60));
    Plan plan = new Plan(Some.requests(60), Some.DEPLOYED, fixed, Calls.SHORT, 1);

    assertThat(judge(plan, Traffic.EDGE, 5).worstRequests()).isGreaterThanOrEqualTo(119);
  }

  @Test
  void reading_before_writing_lets_calls_at_the_same_time_through() throws InterruptedException {
    Fleet naive =
        Fleet.healthy(Some.DEPLOYED, Skew.NONE)
            .running((client, clock, truth) ->
                new ReadThenWriteAdmission(client, Simulation.TABLE, clock, Some.DEPLOYED));
    Plan plan = new Plan(Some.requests(600), Some.DEPLOYED, naive, Calls.SHORT, 1);

    assertThat(judge(plan, Traffic.EDGE, 2).worstRequests()).isGreaterThan(600);
  }

  @ParameterizedTest
  @CsvSource({"0", "2000", "3000"})
  void a_margin_under_twice_the_clock_error_is_too_small(long millis) throws InterruptedException {
    assertThat(violations(Some.margin(FINE, Duration.ofMillis(millis)), Some.requests(3)))
        .isPositive();
  }

  @Test
  void the_margin_of_the_proof_is_enough_for_the_same_calls() throws InterruptedException {
    assertThat(violations(FINE, Some.requests(3))).isZero();
  }

  @Test
  void counting_from_the_oldest_slot_forgets_calls() throws InterruptedException {
    long violations = 0;
    for (long seed = 1; seed <= 4; seed++) {
      Fleet worst = Fleet.worst(FINE, Skew.CONST);
      Fleet forgetful =
          worst.running((client, clock, truth) ->
              worst.program().start(new OrderlyMarks(client), clock, truth));
      Plan plan = new Plan(Some.requests(3), FINE, forgetful, Calls.SHORT, seed);
      violations += judge(plan, Traffic.SLOT_EDGE, 240).violations();
    }
    System.out.println("negative control: oldest slot's mark: " + violations + " violations");
    assertThat(violations).isPositive();
  }

  @Test
  void old_views_and_old_refunds_together_admit_too_many_tokens() throws InterruptedException {
    long violations = 0;
    for (long seed = 1; seed <= 2; seed++) {
      LimiterSettings ageless = Some.ageless(Some.WORST);
      Limits limits = Some.rates(60, 60 * 160);
      Fleet fleet = Fleet.worst(ageless, Skew.RAND);
      Plan plan = new Plan(limits, ageless, fleet, Calls.LONG, seed);
      violations += judge(plan, Traffic.SATURATED, 20).violations();
    }
    System.out.println("negative control: no age rules: " + violations + " violations");
    assertThat(violations).isPositive();
  }

  private static long violations(LimiterSettings settings, Limits limits)
      throws InterruptedException {
    long violations = 0;
    long worst = 0;
    for (long seed = 1; seed <= 4; seed++) {
      for (Traffic traffic : List.of(Traffic.SLOT_EDGE, Traffic.SPARSE)) {
        Fleet fleet = Fleet.worst(settings, Skew.CONST);
        Plan plan = new Plan(limits, settings, fleet, Calls.SHORT, seed);
        History.Verdict verdict = judge(plan, traffic, 240);
        violations += verdict.violations();
        worst = Math.max(worst, verdict.worstRequests());
      }
    }
    System.out.printf(
        "negative control: M = %s with D = 2 s: worst 60 s %d/3, %d violations%n",
        settings.margin(), worst, violations);
    return violations;
  }

  private static History.Verdict judge(Plan plan, Traffic traffic, long minutes)
      throws InterruptedException {
    long requests = plan.limits().requestsPerMinute().orElseThrow();
    List<Long> arrivals =
        traffic.arrivals(requests, minutes * Traffic.MINUTE, new Random(plan.seed()));
    Outcome outcome = Simulation.run(plan, arrivals);
    return outcome.history.judge(
        Traffic.MINUTE, requests, plan.limits().tokensPerMinute().orElse(Long.MAX_VALUE));
  }
}
