package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void the_median_of_an_odd_number_of_values_is_the_middle_one_whatever_their_order() {
    assertThat(Sample.of(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4.0);
  }

  @Test
  void the_median_of_an_even_number_of_values_lies_between_the_middle_two() {
    assertThat(Sample.of(List.of(8.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3.0);
  }

  @Test
  void a_quantile_is_the_smallest_value_that_so_many_do_not_exceed() {
    Sample hundred = Sample.of(IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList());

    assertThat(hundred.quantile(0.95)).isEqualTo(95.0);
    assertThat(hundred.quantile(0.951)).isEqualTo(96.0);
    assertThat(hundred.quantile(1)).isEqualTo(100.0);
  }

  @Test
  void the_quantile_of_a_few_values_is_one_of_them() {
    assertThat(Sample.of(List.of(3.0, 7.0)).quantile(0.95)).isEqualTo(7.0);
    assertThat(Sample.of(List.of(3.0)).quantile(0.01)).isEqualTo(3.0);
  }

  @Test
  void no_values_are_no_sample() {
    assertThatThrownBy(() -> Sample.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
