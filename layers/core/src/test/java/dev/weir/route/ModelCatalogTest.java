package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {

  private static final String PRICES =
      "{\"prices\":[{\"id\":\"p\",\"inputPicoUsd\":1,\"outputPicoUsd\":2}]}";

  private static String model(String cacheMode, String price) {
    return """
    {"models":[{"id":"m","target":"vendor.m","ownedBy":"vendor","created":1,"contextTokens":100,
      "maxOutputTokens":10,"defaultOutputTokens":5,"price":"%s","cache":{"mode":"%s"}}]}
    """
        .formatted(price, cacheMode);
  }

  private static ModelCatalog read(Path folder, String models) throws IOException {
    Files.writeString(folder.resolve("prices.json"), PRICES);
    Files.writeString(folder.resolve("models.json"), models);
    return ModelCatalog.read(folder);
  }

  @Test
  void the_shipped_catalog_reads() {
    assertThat(ModelCatalog.read(Path.of("../catalog/catalog")).all()).hasSizeGreaterThan(20);
  }

  @Test
  void a_model_finds_its_price(@TempDir Path folder) throws IOException {
    assertThat(read(folder, model("off", "p")).find("m").orElseThrow().price().id()).isEqualTo("p");
  }

  @Test
  void a_model_without_a_price_is_refused(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, model("off", "q")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("price of m");
  }

  @Test
  void a_wrong_cache_mode_is_refused_with_the_allowed_ones(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, model("sometimes", "p")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("off, deterministic or always");
  }
}
