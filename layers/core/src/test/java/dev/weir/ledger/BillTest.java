package dev.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BillTest {

  private static Booked row(Random random) {
    return new Booked(
        LocalDate.parse("2026-11-01").plusDays(random.nextInt(3)),
        "k" + random.nextInt(2),
        "m" + random.nextInt(4),
        random.nextBoolean() ? "complete" : "cache_hit",
        random.nextInt(5) == 0,
        new Usage(random.nextInt(9), random.nextInt(9), random.nextInt(9), random.nextInt(9), 0),
        new Cost(random.nextInt(1_000_000)),
        new Savings(random.nextInt(1_000) - 500, random.nextInt(1_000) - 500),
        0,
        List.of());
  }

  @ParameterizedTest
  @EnumSource(Bill.By.class)
  void whatever_it_is_added_up_by_the_lines_make_the_total(Bill.By by) {
    Random random = new Random(11);
    Bill bill = new Bill(by);
    long calls = 0;
    long pico = 0;
    for (int i = 0; i < 1_000; i++) {
      Booked row = row(random);
      bill.add(row);
      calls++;
      pico += row.cost().picoUsd();
    }

    assertThat(bill.total().calls()).isEqualTo(calls);
    assertThat(bill.total().cost().picoUsd()).isEqualTo(pico);
    assertThat(bill.lines().values().stream().mapToLong(Bill.Sum::calls).sum()).isEqualTo(calls);
    assertThat(bill.lines().values().stream().mapToLong(sum -> sum.cost().picoUsd()).sum())
        .isEqualTo(pico);
    assertThat(bill.lines().values().stream().map(Bill.Sum::usage).reduce(Usage.ZERO, Usage::plus))
        .isEqualTo(bill.total().usage());
    assertThat(bill.lines().values().stream().map(Bill.Sum::saved).reduce(Savings::plus))
        .hasValue(bill.total().saved());
    assertThat(bill.lines()).hasSizeGreaterThan(1);
  }

  @Test
  void a_sum_that_does_not_fit_is_an_error_and_not_a_small_bill() {
    assertThatThrownBy(() -> new Cost(Long.MAX_VALUE).plus(new Cost(1)))
        .isInstanceOf(ArithmeticException.class);
  }
}
