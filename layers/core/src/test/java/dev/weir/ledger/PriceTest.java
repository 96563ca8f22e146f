package dev.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void a_price_that_is_no_integer_is_refused_by_row_and_field(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("prices.json");
    Files.writeString(
        file, "{\"prices\":[{\"id\":\"a\",\"inputPicoUsd\":\"cheap\",\"outputPicoUsd\":1}]}");

    assertThatThrownBy(() -> PriceBook.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inputPicoUsd of a");
  }

  @Test
  void a_cache_token_without_a_price_is_billed_as_input_and_never_free(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("prices.json");
    Files.writeString(file, "{\"prices\":[{\"id\":\"a\",\"inputPicoUsd\":7,\"outputPicoUsd\":1}]}");

    Price price = PriceBook.read(file).find("a").orElseThrow();

    assertThat(price.of(new Usage(0, 0, 1, 1, 1)).picoUsd()).isEqualTo(21);
  }
}
