package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.route.ModelCatalog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCatalogTest {

  @Test
  void the_bench_measures_under_the_guards_that_every_shipped_model_has() {
    String shipped =
        ModelCatalog.read(Path.of("../layers/catalog/catalog"))
            .all()
            .iterator()
            .next()
            .guard()
            .version();

    assertThat(ModelCatalog.read(Path.of("catalog")).all())
        .filteredOn(model -> List.of("plain", "cached").contains(model.id()))
        .hasSize(2)
        .allSatisfy(model -> assertThat(model.guard().version()).isEqualTo(shipped));
  }
}
