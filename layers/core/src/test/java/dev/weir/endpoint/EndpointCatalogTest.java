package dev.weir.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.route.ModelCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointCatalogTest {

  private static final String ROW =
      """
      {"id":"e","endpoint":"weir-e","modes":["stream","sync"],"price":{"invocationPicoUsd":1,\
      "secondPicoUsd":2,"kilobytePicoUsd":3,"source":"s","date":"d"}}\
      """;

  private static EndpointCatalog read(Path folder, String rows) throws IOException {
    Files.writeString(folder.resolve("endpoints.json"), "{\"endpoints\":[%s]}".formatted(rows));
    return EndpointCatalog.read(folder, ModelCatalog.read(Path.of("../catalog/catalog")).guards());
  }

  @Test
  void the_shipped_catalog_has_no_endpoint_and_the_local_one_has_some() {
    var guards = ModelCatalog.read(Path.of("../../local/catalog")).guards();

    assertThat(EndpointCatalog.read(Path.of("../catalog/catalog"), guards).ids()).isEmpty();
    assertThat(EndpointCatalog.read(Path.of("../../local/catalog"), guards).ids())
        .containsExactly("echo", "classifier");
    assertThat(EndpointCatalog.read(Path.of("nowhere"), guards).ids()).isEmpty();
  }

  @Test
  void what_a_row_leaves_out_is_what_sagemaker_allows(@TempDir Path folder) throws IOException {
    InferenceEndpoint endpoint = read(folder, ROW).find("e").orElseThrow();

    assertThat(endpoint.modes()).containsExactly(Mode.SYNC, Mode.STREAM);
    assertThat(endpoint.maxBodyBytes()).isEqualTo(6_291_456);
    assertThat(endpoint.timeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(endpoint.streamTimeout()).isEqualTo(Duration.ofMinutes(8));
    assertThat(endpoint.guard().id()).isEqualTo("baseline");
    assertThat(endpoint.target()).isEqualTo("sagemaker/weir-e");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"id\":\"e\"|\"id\":\"e f\"|id of e f must match",
        "weir-e|weir_e|endpoint of e must match",
        "\"stream\"|\"often\"|modes of e must be some of [sync, stream, async]",
        "[\"stream\",\"sync\"]|[]|modes of e must be some of",
        "\"modes\"|\"mode\":1,\"modes\"|mode of e is not one of",
        "\"modes\"|\"timeoutSeconds\":61,\"modes\"|timeoutSeconds of e must be an integer from 1 to"
            + " 60",
        "\"modes\"|\"streamSeconds\":481,\"modes\"|streamSeconds of e must be",
        "\"modes\"|\"contentTypes\":[\"text/*\"],\"modes\"|contentTypes of e must match",
        "\"modes\"|\"guard\":\"none such\",\"modes\"|guard of e must be one of",
        "\"secondPicoUsd\":2,|''|price.secondPicoUsd of e must be an integer of 0 or more",
        "\"kilobytePicoUsd\":3|\"kilobytePicoUsd\":-3|price.kilobytePicoUsd of e",
        "\"source\":\"s\",|''|price.source of e is missing",
      })
  void what_is_wrong_is_named(String sound, String wrong, String message, @TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, ROW.replace(sound, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("endpoints.json: " + message);
  }

  @Test
  void an_id_appears_once(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, ROW + "," + ROW)).hasMessageContaining("appears twice");
  }

  @Test
  void a_price_is_of_the_invocation_its_time_and_its_bytes_and_rounds_up() {
    EndpointPrice price = new EndpointPrice(1_000, 10, 7, "s", "d");

    assertThat(price.of(Duration.ZERO, 0).picoUsd()).isEqualTo(1_000);
    assertThat(price.of(Duration.ofMillis(1), 1).picoUsd()).isEqualTo(1_000 + 1 + 7);
    assertThat(price.of(Duration.ofMillis(1_500), 1_001).picoUsd()).isEqualTo(1_000 + 15 + 14);
  }
}
