package dev.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookTest {

  @TempDir private Path folder;

  private Path file(String... rows) throws IOException {
    return Files.writeString(
        folder.resolve("prices.json"),
        "{\"via\":{\"x\":[1]},\"prices\":[%s]}".formatted(String.join(",", rows)));
  }

  private static String row(String id, String fields) {
    return "{\"id\":\"%s\",%s}".formatted(id, fields);
  }

  @Test
  void every_shipped_row_reads() {
    PriceBook shipped = PriceBook.read(Path.of("../catalog/catalog/prices.json"));

    assertThat(shipped.find("global.anthropic.claude-haiku-5-5").orElseThrow().longContext())
        .hasValueSatisfying(dearer -> {
          assertThat(dearer.aboveTokens()).isEqualTo(100_000);
          assertThat(dearer.price().outputPicoUsd()).isEqualTo(2_500_000);
        });
    assertThat(shipped.find("amazon.titan-embed-text-v2:0").orElseThrow().outputPicoUsd()).isZero();
  }

  @Test
  void a_row_of_the_own_region_goes_before_one_of_none_and_is_named_so() throws IOException {
    Path file =
        file(
            row("a", "\"region\":\"eu-west-2\",\"inputPicoUsd\":9,\"outputPicoUsd\":9"),
            row("a", "\"inputPicoUsd\":1,\"outputPicoUsd\":2"),
            row("a", "\"region\":\"sa-east-1\",\"inputPicoUsd\":5,\"outputPicoUsd\":5"));

    Price there = PriceBook.read(file, "eu-west-2", Set.of("a")).find("a").orElseThrow();
    Price elsewhere = PriceBook.read(file, "us-east-1", Set.of("a")).find("a").orElseThrow();

    assertThat(there.inputPicoUsd()).isEqualTo(9);
    assertThat(there.id()).isEqualTo("eu-west-2/a");
    assertThat(elsewhere.inputPicoUsd()).isEqualTo(1);
    assertThat(elsewhere.id()).isEqualTo("a");
  }

  @Test
  void only_rows_asked_for_are_read() throws IOException {
    Path file =
        file(
            row("bad", "\"inputPicoUsd\":\"cheap\",\"longContext\":{\"id\":\"a\"}"),
            row("a", "\"inputPicoUsd\":1,\"outputPicoUsd\":2"));

    PriceBook book = PriceBook.read(file, "", Set.of("a"));

    assertThat(book.find("a")).isPresent();
    assertThat(book.find("bad")).isEmpty();
    assertThatThrownBy(() -> PriceBook.read(file)).hasMessageContaining("inputPicoUsd of bad");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"inputPicoUsd\":\"cheap\",\"outputPicoUsd\":1|inputPicoUsd of a must be an integer",
        "\"inputPicoUsd\":1.5,\"outputPicoUsd\":1|inputPicoUsd of a must be an integer",
        "\"inputPicoUsd\":-1,\"outputPicoUsd\":1|inputPicoUsd of a must be an integer",
        "\"inputPicoUsd\":1|outputPicoUsd of a must be an integer",
        "\"inputPicoUsd\":1,\"outputPicoUsd\":1,\"cacheReadPicoUsd\":\"0\"|cacheReadPicoUsd of a",
        "\"region\":\"r\",\"inputPicoUsd\":1|outputPicoUsd of r/a",
        "\"inputPicoUsd\":1,\"outputPicoUsd\":1,\"longContext\":{\"inputPicoUsd\":1,\"outputPicoUsd\":1}"
            + "|aboveTokens of a's longContext",
        "\"inputPicoUsd\":2,\"outputPicoUsd\":1,\"longContext\":{\"aboveTokens\":9,\"inputPicoUsd\":1,\"outputPicoUsd\":1}"
            + "|a's longContext must not be cheaper",
        "\"inputPicoUsd\":2,\"outputPicoUsd\":2,\"longContext\":{\"aboveTokens\":9,\"inputPicoUsd\":2,\"outputPicoUsd\":1}"
            + "|a's longContext must not be cheaper"
      })
  void what_is_wrong_is_named_by_row_and_field(String fields, String message) throws IOException {
    Path file = file(row("a", fields));

    assertThatThrownBy(() -> PriceBook.read(file, "r", Set.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("prices.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void an_id_may_not_appear_twice_in_one_region() throws IOException {
    String row = row("a", "\"inputPicoUsd\":1,\"outputPicoUsd\":1");
    Path file = file(row, row);

    assertThatThrownBy(() -> PriceBook.read(file)).hasMessageContaining("id a appears twice");
  }

  @Test
  void a_row_that_does_not_begin_with_its_id_is_refused() throws IOException {
    Path file = file("{\"inputPicoUsd\":1,\"id\":\"a\"}");

    assertThatThrownBy(() -> PriceBook.read(file)).hasMessageContaining("begin with its id");
  }

  @Test
  void a_table_cut_short_is_refused_even_where_no_row_was_asked_for() throws IOException {
    Path file = Files.writeString(folder.resolve("cut.json"), "{\"prices\":[{\"id\":\"a\",");

    assertThatThrownBy(() -> PriceBook.read(file, "", Set.of()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void a_cache_token_without_a_price_is_billed_as_input_and_never_free() throws IOException {
    Price price =
        PriceBook.read(file(row("a", "\"inputPicoUsd\":7,\"outputPicoUsd\":1")))
            .find("a")
            .orElseThrow();

    assertThat(price.of(new Usage(0, 0, 1, 1, 1)).picoUsd()).isEqualTo(21);
  }

  @Test
  void a_longer_cache_write_without_a_price_is_billed_as_the_shorter() throws IOException {
    Price price =
        PriceBook.read(
                file(row("a", "\"inputPicoUsd\":7,\"outputPicoUsd\":1,\"cacheWrite5mPicoUsd\":9")))
            .find("a")
            .orElseThrow();

    assertThat(price.cacheWrite1hPicoUsd()).isEqualTo(9);
  }
}
