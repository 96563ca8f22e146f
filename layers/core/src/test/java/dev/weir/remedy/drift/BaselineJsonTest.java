package dev.weir.remedy.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselineJsonTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private final SplittableRandom random = new SplittableRandom(1);

  private Baseline baseline(int columns) {
    BaselineSample sample = new BaselineSample(random);
    for (int row = 0; row < 1000; row++) {
      Map<String, String> values = new TreeMap<>(Map.of("colour", row % 3 == 0 ? "red" : ""));
      IntStream.range(0, columns)
          .forEach(i -> values.put("c" + i, Double.toString(random.nextGaussian())));
      sample.add(values);
    }
    return sample.baseline("b1", NOW, List.of("c0", "c1"), Set.of("c1"), Set.of());
  }

  @Test
  void a_baseline_is_read_as_it_was_written() {
    Baseline baseline = baseline(3);

    assertThat(BaselineJson.read(BaselineJson.write(baseline))).isEqualTo(baseline);
  }

  @Test
  void the_most_columns_fit_into_an_item() {
    assertThat(BaselineJson.write(baseline(Baseline.MOST_COLUMNS - 1)).length())
        .isLessThan(BaselineJson.LONGEST);
    assertThatThrownBy(() -> baseline(Baseline.MOST_COLUMNS)).hasMessageContaining("not 151");
  }

  @Test
  void one_that_does_not_fit_is_refused() {
    String name = "x".repeat(4000);
    BaselineSample sample = new BaselineSample(random);
    Map<String, String> row = new TreeMap<>();
    IntStream.range(0, 100).forEach(i -> row.put(name + i, "1"));
    IntStream.range(0, 500).forEach(_ -> sample.add(row));
    Baseline baseline = sample.baseline("b", NOW, List.of(), Set.of(), Set.of());

    assertThatThrownBy(() -> BaselineJson.write(baseline)).hasMessageContaining("fewer columns");
  }
}
