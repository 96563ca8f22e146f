package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ledger.PriceBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardBookTest {

  @TempDir Path folder = Path.of("");

  private GuardBook read(String set) throws IOException {
    Files.writeString(
        folder.resolve("prices.json"),
        "{\"prices\":[],\"guardrails\":[{\"id\":\"g\",\"contentPicoUsd\":1,\"topicPicoUsd\":1,"
            + "\"sensitivePicoUsd\":1,\"groundingPicoUsd\":1}]}");
    Files.writeString(
        folder.resolve("guards.json"),
        "{\"default\":\"none\",\"guards\":[{\"id\":\"none\"}," + set + "]}");
    return GuardBook.read(folder, PriceBook.read(folder.resolve("prices.json")));
  }

  private static Stream<String> ids(Path catalog) {
    PriceBook prices = PriceBook.read(catalog.resolve("prices.json"));
    return GuardBook.read(catalog, prices).all().stream().map(GuardSet::id);
  }

  @Test
  void the_shipped_sets_are_none_baseline_and_strict_in_both_catalogs() {
    assertThat(ids(Path.of("../catalog/catalog"))).containsExactly("none", "baseline", "strict");
    assertThat(ids(Path.of("../../local/catalog"))).containsExactly("none", "baseline", "strict");
    assertThat(Samples.book().ofModel("m", "").id()).isEqualTo("baseline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"x\",\"inputs\":{}} | x: unknown field 'inputs'; allowed are [bedrock, id, input",
        "{\"id\":\"x\",\"input\":{\"profanity\":\"block\"}} | x.input: unknown field 'profanity'; allowed are [control_tokens, injection, nonsense, pii, secrets]",
        "{\"id\":\"x\",\"output\":{\"nonsense\":\"block\"}} | x.output: unknown field 'nonsense'; allowed are [control_tokens, pii, secrets]",
        "{\"id\":\"x\",\"input\":{\"nonsense\":\"mask\"}} | x.input.nonsense must be one of [block], not 'mask'",
        "{\"id\":\"x\",\"input\":{\"pii\":\"drop\"}} | x.input.pii must be one of [block, mask], not 'drop'",
        "{\"id\":\"x\",\"input\":[]} | x.input must be an object",
        "{\"id\":\"x\",\"onError\":\"ajar\"} | x.onError must be one of [closed, open], not 'ajar'",
        "{\"id\":\"x\",\"windowCharacters\":1} | x.windowCharacters must be an integer from 500 to 20000, not 1",
        "{\"id\":\"x\",\"phoneRegions\":[\"USA\"]} | x.phoneRegions: 'USA' is none of",
        "{\"id\":\"x\",\"bedrock\":{\"input\":\"yes\"}} | x.bedrock.input must be true or false",
        "{\"id\":\"x\",\"bedrock\":{\"input\":true,\"price\":\"h\"}} | price must be an id of prices.json's guardrails, not 'h'",
        "{\"id\":\"Not An Id\"} | id must match",
        "{\"id\":\"none\"} | id none appears twice",
      })
  void a_wrong_declaration_names_the_key_and_what_is_allowed(String set, String message) {
    assertThatThrownBy(() -> read(set))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_model_may_only_name_a_declared_set() throws IOException {
    GuardBook book = read("{\"id\":\"x\"}");

    assertThat(book.ofModel("m", "x").id()).isEqualTo("x");
    assertThatThrownBy(() -> book.ofModel("m", "y"))
        .hasMessage("models.json: guard of m must be one of [none, x], not 'y'");
  }

  @Test
  void a_sets_version_changes_with_its_declaration_and_only_with_it() throws IOException {
    String one =
        read("{\"id\":\"x\",\"input\":{\"pii\":\"mask\"}}").find("x").orElseThrow().version();
    String same =
        read("{\"id\":\"x\",\"input\":{\"pii\":\"mask\"}}").find("x").orElseThrow().version();
    String other =
        read("{\"id\":\"x\",\"input\":{\"pii\":\"block\"}}").find("x").orElseThrow().version();

    assertThat(one).isEqualTo(same).isNotEqualTo(other).matches("[0-9a-f]{12}");
  }

  @Test
  void both_sets_of_a_request_are_named_and_the_guardrail_only_where_it_is_used()
      throws IOException {
    GuardBook book = read("{\"id\":\"x\",\"bedrock\":{\"input\":true,\"price\":\"g\"}}");
    GuardSet none = book.find("none").orElseThrow();
    Optional<GuardrailRef> deployed = Optional.of(new GuardrailRef("gr", "3"));

    assertThat(Guards.of(none, book.find("x"), deployed).versions())
        .matches("none@[0-9a-f]{12},x@[0-9a-f]{12},bedrock:gr@3");
    assertThat(Guards.of(none, Optional.of(none), deployed).versions())
        .matches("none@[0-9a-f]{12}");
    assertThat(Guards.of(none, book.find("x"), Optional.empty()).bedrock(Direction.INPUT))
        .isEmpty();
  }
}
