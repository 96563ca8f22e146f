package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.CascadeSaving.Saving;
import org.junit.jupiter.api.Test;

class CascadeSavingTest {

  @Test
  void the_saving_is_a_share_of_what_the_large_model_costs() {
    assertThat(new Saving(2_000, 500, 10).share()).isEqualTo(0.75);
  }

  @Test
  void a_cascade_that_always_escalates_costs_more_than_it_saves() {
    assertThat(new Saving(1_000, 1_100, 100).share()).isNegative();
  }
}
