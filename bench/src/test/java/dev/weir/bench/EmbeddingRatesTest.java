package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.EmbeddingRates.Rate;
import org.junit.jupiter.api.Test;

class EmbeddingRatesTest {

  @Test
  void texts_are_told_by_the_second_the_cpu_second_and_the_request() {
    Rate rate = new Rate(600, 40, 2, 0.5);

    assertThat(rate.perSecond()).isEqualTo(300);
    assertThat(rate.perCpuSecond()).isEqualTo(1_200);
    assertThat(rate.perRequest()).isEqualTo(15);
  }
}
