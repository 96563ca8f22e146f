package dev.weir.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.ledger.Booked;
import dev.weir.ledger.Cost;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CapacityReportTest {

  private static final Instant FROM = Instant.parse("2026-11-22T00:00:00Z");
  private static final Duration MONTH = Duration.ofHours(730);
  private static final long USD = 1_000_000_000_000L;

  private final Load load = new Load();

  private static LedgerRow.Hop hop(
      String target, int requests, long input, long output, long pico) {
    return new LedgerRow.Hop(
        target, "complete", 1, new Cost(pico), Usage.of(input, output), requests, "");
  }

  private static Booked booked(Duration after, LedgerRow.Hop... hops) {
    return new Booked(
        LocalDate.parse("2026-11-22"),
        "k",
        "m",
        "complete",
        false,
        Usage.ZERO,
        Cost.ZERO,
        Savings.NONE,
        FROM.plus(after).toEpochMilli(),
        List.of(hops));
  }

  private void asked(Duration after, LedgerRow.Hop... hops) {
    load.add(booked(after, hops));
  }

  private CapacityReport.OfTarget first(Duration period, String declared) {
    try {
      Capacities capacities =
          Capacities.read(
              new ObjectMapper().readTree("[" + declared.replace('\'', '"') + "]"), Set.of("t"));
      return CapacityReport.of(load, capacities, FROM, FROM.plus(period)).targets().getFirst();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private BreakEven weighed(Duration period, ModelUnit unit) {
    return BreakEven.of(unit, load.targets().values().iterator().next(), period).orElseThrow();
  }

  @Test
  void attempts_count_in_their_minute_each_for_its_target() {
    asked(Duration.ofSeconds(0), hop("t", 1, 10, 1, 0), hop("u", 1, 7, 0, 0));
    asked(Duration.ofSeconds(59), hop("t", 2, 10, 1, 0));
    asked(Duration.ofSeconds(60), hop("t", 1, 10, 1, 0));
    asked(Duration.ofSeconds(61));

    assertThat(load.targets().keySet()).containsExactly("t", "u");
    assertThat(first(MONTH, "").requests().peak()).isEqualTo(3);
    assertThat(first(MONTH, "").tokens().peak()).isEqualTo(22);
  }

  @Test
  void tokens_count_as_the_quota_counts_them() {
    asked(Duration.ZERO, hop("t", 1, 10, 4, 0));

    assertThat(
            first(MONTH, "{'target':'t','tokensPerMinute':9,'outputBurndown':5}").tokens().peak())
        .isEqualTo(30);
  }

  @Test
  void the_95th_percentile_is_the_nearest_rank_of_minutes_with_any() {
    assertThat(Rate.of(LongStream.rangeClosed(1, 100).toArray())).isEqualTo(new Rate(100, 95));
    assertThat(Rate.of(LongStream.rangeClosed(1, 20).toArray())).isEqualTo(new Rate(20, 19));
    assertThat(Rate.of(7)).isEqualTo(new Rate(7, 7));
    assertThat(Rate.of(3, 1, 2)).isEqualTo(new Rate(3, 3));
    assertThat(Rate.of()).isEqualTo(new Rate(0, 0));
  }

  /** 10 USD in 73 hours are 100 a month; a unit at 1 USD an hour is 730. */
  @Test
  void a_small_load_stays_on_demand_and_breaks_even_where_it_would_cost_as_much() {
    asked(Duration.ZERO, hop("t", 1, 3_000, 1_380, 10 * USD));

    BreakEven weighed = weighed(Duration.ofHours(73), new ModelUnit(3_000, 1_500, 1_000_000));

    assertThat(weighed.unitMicroUsd()).isEqualTo(730_000_000);
    assertThat(weighed.onDemandMicroUsd()).isEqualTo(100_000_000);
    assertThat(weighed.unitsForPeak()).isEqualTo(1);
    // 4,380 tokens in 4,380 minutes are one a minute; 7.3 of them cost as much as the unit.
    assertThat(weighed.loadPerMinute()).isEqualTo(1);
    assertThat(weighed.breakEvenPerMinute()).hasValue(7);
    assertThat(weighed.mostPerMinute()).isEqualTo(4_380);
    assertThat(weighed.pays()).isFalse();
    assertThat(weighed.canPay()).isTrue();
  }

  @Test
  void units_are_as_many_as_the_fullest_minute_takes_and_all_of_them_are_paid() {
    asked(Duration.ZERO, hop("t", 1, 2_001, 10, 800 * USD));

    BreakEven three = weighed(MONTH, new ModelUnit(1_000, 1_000, 1_000_000));
    BreakEven two = weighed(MONTH, new ModelUnit(2_001, 9, 500_000));

    assertThat(three.unitsForPeak()).isEqualTo(3);
    assertThat(three.onDemandMicroUsd()).isEqualTo(800_000_000);
    assertThat(three.pays()).isFalse();
    assertThat(two.unitsForPeak()).isEqualTo(2);
    assertThat(two.pays()).isTrue();
  }

  @Test
  void a_unit_that_is_full_before_it_pays_has_no_break_even() {
    asked(Duration.ZERO, hop("t", 1, 1_000_000, 1_000_000, USD));

    BreakEven weighed = weighed(MONTH, new ModelUnit(10, 1_000_000, 1_000_000));

    assertThat(weighed.mostPerMinute()).isEqualTo(20);
    assertThat(weighed.breakEvenPerMinute()).hasValue(33_333);
    assertThat(weighed.canPay()).isFalse();
  }

  @Test
  void what_costs_nothing_on_demand_never_pays() {
    asked(Duration.ZERO, hop("t", 1, 10, 0, 0));

    BreakEven weighed = weighed(Duration.ofMinutes(1), new ModelUnit(10, 10, 1));

    assertThat(weighed.breakEvenPerMinute()).isEmpty();
    assertThat(weighed.canPay()).isFalse();
    assertThat(weighed.pays()).isFalse();
  }

  @Test
  void without_a_declared_unit_or_a_token_nothing_is_weighed() {
    String unit =
        "{'target':'t','modelUnit':{'inputTokensPerMinute':1,'outputTokensPerMinute':1,"
            + "'microUsdPerHour':1}}";
    asked(Duration.ZERO, hop("t", 1, 0, 0, 0));

    assertThat(first(MONTH, unit).breakEven()).isEmpty();

    asked(Duration.ZERO, hop("t", 1, 1, 0, 0));
    assertThat(first(MONTH, "").breakEven()).isEmpty();
    assertThat(first(MONTH, unit).breakEven()).isPresent();
  }

  /** At its break-even a load costs on demand what the unit does, to the rounding of a token. */
  @Test
  void at_the_break_even_both_ways_cost_the_same_whatever_the_load() {
    Random random = new Random(14);
    for (int i = 0; i < 500; i++) {
      long input = random.nextLong(1, 1_000_000_000L);
      long output = random.nextLong(1, 1_000_000_000L);
      long pico = input * random.nextLong(1, 100_000) + output * random.nextLong(1, 500_000);
      Load other = new Load();
      other.add(booked(Duration.ZERO, hop("t", 1, input, output, pico)));
      ModelUnit unit = new ModelUnit(7, 7, random.nextLong(1, 100_000_000));

      BreakEven weighed =
          BreakEven.of(
                  unit,
                  other.targets().values().iterator().next(),
                  Duration.ofMinutes(random.nextInt(1, 44_640)))
              .orElseThrow();

      double monthOfOneToken = 43_800.0 * pico / (input + output) / 1e6;
      double onDemand = weighed.breakEvenPerMinute().orElseThrow() * monthOfOneToken;
      assertThat(Math.abs(onDemand - weighed.unitMicroUsd()))
          .isLessThanOrEqualTo(0.501 * monthOfOneToken + 1e-6 * weighed.unitMicroUsd());
    }
  }

  @Test
  void the_largest_figures_do_not_overflow() {
    asked(Duration.ZERO, hop("t", 1, 1_000_000_000_000L, 1, 1));

    BreakEven weighed =
        weighed(Duration.ofMinutes(1), new ModelUnit(1, 1_000_000_000_000L, 1_000_000_000_000L));

    assertThat(weighed.breakEvenPerMinute()).hasValue(Long.MAX_VALUE);
    assertThat(weighed.pays()).isFalse();
  }
}
