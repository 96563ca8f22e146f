package dev.weir.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifetimesTest {

  private static final Lifetimes STACK = new Lifetimes(Duration.ofHours(10), Duration.ofDays(4));

  @Test
  void others_make_it_shorter_and_never_longer() {
    assertThat(STACK.atMost(Optional.of(Duration.ofHours(2)), Optional.of(Duration.ofDays(9))))
        .isEqualTo(new Lifetimes(Duration.ofHours(2), Duration.ofDays(4)));
    assertThat(STACK.atMost(Optional.of(Duration.ofHours(20)), Optional.of(Duration.ofDays(1))))
        .isEqualTo(new Lifetimes(Duration.ofHours(10), Duration.ofDays(1)));
    assertThat(STACK.atMost(Optional.empty(), Optional.empty())).isEqualTo(STACK);
  }
}
