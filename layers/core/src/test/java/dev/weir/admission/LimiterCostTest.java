package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Simulation.Calls;
import dev.weir.admission.Simulation.Fleet;
import dev.weir.admission.Simulation.Outcome;
import dev.weir.admission.Simulation.Plan;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the promise costs: round trips, and quota that cannot be used. */
class LimiterCostTest {

  @ParameterizedTest
  @CsvSource({"60, 20", "600, 5"})
  void an_admission_takes_one_round_trip(long limit, long minutes) throws InterruptedException {
    Outcome outcome =
        Simulation.run(
            plan(limit, Some.DEPLOYED, Skew.CONST, true),
            Traffic.paced(0.8 * limit, minutes * Traffic.MINUTE));
    double warm = warmTripsPerAdmission(outcome);
    System.out.printf(
        "cost: limit %d paced at 80 %%: %.3f round trips per admission, %.3f with %d cold starts%n",
        limit, warm, outcome.tripsPerAdmission(), outcome.coldStarts);

    assertThat(outcome.denied).isZero();
    assertThat(warm).isBetween(1.0, 1.01);
  }

  @ParameterizedTest
  @ValueSource(longs = {60, 600})
  void denials_are_nearly_free(long limit) throws InterruptedException {
    Outcome outcome =
        Simulation.run(
            plan(limit, Some.DEPLOYED, Skew.CONST, true),
            Traffic.paced(20 * limit, 3 * Traffic.MINUTE));
    System.out.printf(
        "cost: limit %d offered 20 times: %.4f round trips per denial, %d denials%n",
        limit, outcome.tripsPerDenial(), outcome.denied);

    assertThat(outcome.tripsPerDenial()).isLessThanOrEqualTo(0.05);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5", "10"})
  void nobody_is_refused_below_the_usable_quota(long slotSeconds) throws InterruptedException {
    LimiterSettings settings = Some.slots(Some.DEPLOYED, Duration.ofSeconds(slotSeconds));
    double usable = 60 / (60 + 1.5 + slotSeconds + 0.5);
    Outcome outcome =
        Simulation.run(
            plan(600, settings, Skew.CONST, false),
            Traffic.paced(600 * usable - 1, 10 * Traffic.MINUTE));
    System.out.printf(
        "cost: slots of %d s: %.1f %% of the limit used steadily, %d of %d calls refused%n",
        slotSeconds, 100 * usable, outcome.denied, outcome.calls);

    assertThat(outcome.denied).isZero();
  }

  @Test
  void far_above_the_usable_quota_somebody_is_refused() throws InterruptedException {
    Outcome outcome =
        Simulation.run(
            plan(600, Some.DEPLOYED, Skew.CONST, false), Traffic.paced(590, 10 * Traffic.MINUTE));

    assertThat(outcome.denied).isPositive();
  }

  @Test
  void saturation_uses_nine_tenths_of_the_limit() throws InterruptedException {
    Plan plan = plan(600, Some.DEPLOYED, Skew.CONST, true);
    long minutes = 10;
    Outcome outcome =
        Simulation.run(
            plan,
            Traffic.SATURATED.arrivals(600, minutes * Traffic.MINUTE, new Random(plan.seed())));
    double used = outcome.admitted / (600.0 * minutes);
    System.out.printf(
        "cost: limit 600 offered 1.5 times: %.3f of the limit used, %.3f round trips per admission,"
            + " %.3f per denial%n",
        used, outcome.tripsPerAdmission(), outcome.tripsPerDenial());

    assertThat(used).isGreaterThan(0.88);
  }

  private static double warmTripsPerAdmission(Outcome outcome) {
    return (double) (outcome.admissionTrips - outcome.coldStarts) / outcome.admitted;
  }

  private static Plan plan(long limit, LimiterSettings settings, Skew skew, boolean lastFirst) {
    Fleet healthy = Fleet.healthy(settings, skew);
    Fleet fleet = new Fleet(healthy.program(), skew, Faults.NONE, lastFirst);
    return new Plan(Some.rates(limit, limit * 1000), settings, fleet, Calls.SHORT, limit);
  }
}
