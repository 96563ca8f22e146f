package dev.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceTest {

  private static final Price PRICE =
      new Price("p", 3_000_000, 15_000_000, 300_000, 3_750_000, 6_000_000, "source", "2026-01-01");

  @Test
  void every_kind_of_token_has_its_own_price() {
    assertThat(PRICE.of(new Usage(1, 0, 0, 0, 0)).picoUsd()).isEqualTo(3_000_000);
    assertThat(PRICE.of(new Usage(0, 1, 0, 0, 0)).picoUsd()).isEqualTo(15_000_000);
    assertThat(PRICE.of(new Usage(0, 0, 1, 0, 0)).picoUsd()).isEqualTo(300_000);
    assertThat(PRICE.of(new Usage(0, 0, 0, 1, 0)).picoUsd()).isEqualTo(3_750_000);
    assertThat(PRICE.of(new Usage(0, 0, 0, 0, 1)).picoUsd()).isEqualTo(6_000_000);
    assertThat(PRICE.of(new Usage(1_000, 200, 50, 7, 3)).picoUsd())
        .isEqualTo(3_000_000_000L + 3_000_000_000L + 15_000_000 + 26_250_000 + 18_000_000);
  }

  @Test
  void a_prompt_cache_saves_what_plain_input_would_have_cost_more() {
    assertThat(PRICE.saved(new Usage(9, 9, 1_000, 0, 0)).promptCachePicoUsd())
        .isEqualTo(1_000 * 2_700_000L);
    assertThat(PRICE.saved(new Usage(9, 9, 0, 10, 0)).promptCachePicoUsd())
        .isEqualTo(10 * -750_000L);
    assertThat(PRICE.saved(new Usage(9, 9, 0, 0, 10)).promptCachePicoUsd())
        .isEqualTo(10 * -3_000_000L);
    assertThat(PRICE.saved(Usage.of(9, 9))).isEqualTo(Savings.NONE);
  }

  @Test
  void micro_usd_round_up_so_that_a_budget_errs_on_the_safe_side() {
    assertThat(new Cost(0).microUsd()).isZero();
    assertThat(new Cost(1).microUsd()).isEqualTo(1);
    assertThat(new Cost(1_000_000).microUsd()).isEqualTo(1);
    assertThat(new Cost(1_000_001).microUsd()).isEqualTo(2);
  }

  @Test
  void the_bound_covers_any_split_of_the_prompt() {
    Cost bound = PRICE.bound(100, 10);
    for (Usage usage :
        new Usage[] {
          new Usage(100, 10, 0, 0, 0),
          new Usage(0, 10, 100, 0, 0),
          new Usage(0, 10, 0, 100, 0),
          new Usage(0, 10, 0, 0, 100)
        }) {
      assertThat(PRICE.of(usage).picoUsd()).isLessThanOrEqualTo(bound.picoUsd());
    }
  }

  private static Price withLongContext() {
    Price dearer = new Price("p", 6, 15, 1, 7, 12, "source", "2026-01-01");
    return new Price(
        "p",
        3,
        10,
        1,
        4,
        6,
        "source",
        "2026-01-01",
        Optional.of(new Price.LongContext(100, dearer)));
  }

  @Test
  void a_longer_prompt_bills_every_token_dearer_and_cached_tokens_count_as_prompt() {
    assertThat(withLongContext().of(new Usage(60, 2, 40, 0, 0)).picoUsd())
        .isEqualTo(60 * 3 + 2 * 10 + 40);
    assertThat(withLongContext().of(new Usage(60, 2, 40, 0, 1)).picoUsd())
        .isEqualTo(60 * 6 + 2 * 15 + 40 + 12);
  }

  @Test
  void the_bound_of_a_longer_prompt_is_the_dearer_one() {
    assertThat(withLongContext().bound(100, 1).picoUsd()).isEqualTo(100 * 6 + 10);
    assertThat(withLongContext().bound(101, 1).picoUsd()).isEqualTo(101 * 12 + 15);
  }
}
