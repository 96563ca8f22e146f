package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<String> order = new ArrayList<>();

  @Test
  void every_arm_is_called_once_a_round_and_each_round_begins_with_another() throws Exception {
    new Interleaved().with("a", arm("a", 1)).with("b", arm("b", 2)).run(4, LONG);

    assertThat(order).containsExactly("a", "b", "b", "a", "a", "b", "b", "a");
  }

  @Test
  void what_an_arm_measured_is_found_under_its_name() throws Exception {
    Samples samples = new Interleaved().with("a", arm("a", 1)).with("b", arm("b", 2)).run(3, LONG);

    assertThat(samples.of("a").median()).isEqualTo(1);
    assertThat(samples.of("b").median()).isEqualTo(2);
    assertThat(samples.of("b").size()).isEqualTo(3);
  }

  @Test
  void a_second_run_forgets_the_first() throws Exception {
    Interleaved arms = new Interleaved().with("a", arm("a", 1));
    arms.run(5, LONG);

    assertThat(arms.run(2, LONG).of("a").size()).isEqualTo(2);
  }

  @Test
  void one_round_is_run_however_little_time_there_is() throws Exception {
    Samples samples = new Interleaved().with("a", arm("a", 1)).run(5, Duration.ZERO);

    assertThat(samples.of("a").size()).isEqualTo(1);
  }

  private Interleaved.Arm arm(String name, double value) {
    return () -> {
      order.add(name);
      return value;
    };
  }
}
