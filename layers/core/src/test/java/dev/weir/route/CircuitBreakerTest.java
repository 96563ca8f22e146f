package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.route.CircuitBreaker.Gate;
import dev.weir.route.CircuitBreaker.Rules;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

  private static final Rules RULES = new Rules(5, Duration.ofSeconds(10), Duration.ofSeconds(20));
  private static final long NOW = 1_000_000;

  private static CircuitBreaker failed(CircuitBreaker breaker, int times, int points, long now) {
    CircuitBreaker next = breaker;
    for (int i = 0; i < times; i++) {
      next = next.failed(points, Duration.ZERO, RULES, now);
    }
    return next;
  }

  @Test
  void the_last_of_the_failures_opens_it_and_half_ones_count_half() {
    assertThat(failed(CircuitBreaker.CLOSED, 4, CircuitBreaker.FULL, NOW).gate(NOW))
        .isEqualTo(new Gate.Passable());
    assertThat(failed(CircuitBreaker.CLOSED, 5, CircuitBreaker.FULL, NOW).gate(NOW))
        .isEqualTo(new Gate.Shut(NOW + 10_000));
    assertThat(failed(CircuitBreaker.CLOSED, 9, CircuitBreaker.HALF, NOW).gate(NOW))
        .isEqualTo(new Gate.Passable());
    assertThat(failed(CircuitBreaker.CLOSED, 10, CircuitBreaker.HALF, NOW).gate(NOW))
        .isInstanceOf(Gate.Shut.class);
  }

  @Test
  void failures_that_are_far_apart_are_not_added_up() {
    CircuitBreaker breaker = CircuitBreaker.CLOSED;
    for (int i = 0; i < 100; i++) {
      breaker = breaker.failed(CircuitBreaker.FULL, Duration.ZERO, RULES, NOW + i * 10_000L);
    }
    assertThat(breaker.gate(NOW + 990_000)).isEqualTo(new Gate.Passable());
  }

  @Test
  void it_is_probed_by_one_at_a_time_and_closed_by_an_answer() {
    CircuitBreaker open = failed(CircuitBreaker.CLOSED, 5, CircuitBreaker.FULL, NOW);
    long later = NOW + 10_000;

    assertThat(open.gate(later - 1)).isEqualTo(new Gate.Shut(later));
    assertThat(open.gate(later)).isEqualTo(new Gate.Probe());
    CircuitBreaker probing = open.probing(RULES, later);
    assertThat(probing.gate(later)).isEqualTo(new Gate.Shut(later + 20_000));
    assertThat(probing.gate(later + 20_000)).isEqualTo(new Gate.Probe());
    assertThat(probing.succeeded().gate(later)).isEqualTo(new Gate.Passable());
    assertThat(probing.failed(CircuitBreaker.HALF, Duration.ZERO, RULES, later).gate(later))
        .isEqualTo(new Gate.Shut(later + 10_000));
  }

  @Test
  void a_longer_wait_that_the_target_asked_for_is_kept() {
    CircuitBreaker breaker =
        failed(CircuitBreaker.CLOSED, 4, CircuitBreaker.FULL, NOW)
            .failed(CircuitBreaker.FULL, Duration.ofSeconds(60), RULES, NOW);

    assertThat(breaker.gate(NOW)).isEqualTo(new Gate.Shut(NOW + 60_000));
  }

  /** C37: whatever fails after it has opened, it never opens sooner for it. */
  @Test
  void no_failure_shortens_a_wait_and_every_step_has_a_version_of_its_own() {
    Random random = new Random(5);
    for (int course = 0; course < 5_000; course++) {
      CircuitBreaker breaker = CircuitBreaker.CLOSED;
      long now = NOW;
      for (int step = 0; step < 30; step++) {
        now += random.nextInt(6_000);
        CircuitBreaker next =
            switch (random.nextInt(6)) {
              case 0 -> breaker.succeeded();
              case 1 -> breaker.probing(RULES, now);
              default ->
                  breaker.failed(
                      1 + random.nextInt(2), Duration.ofSeconds(random.nextInt(30)), RULES, now);
            };
        assertThat(next.version()).isEqualTo(breaker.version() + 1);
        assertThat(next.openUntil() == 0 || next.openUntil() >= breaker.openUntil()).isTrue();
        breaker = next;
      }
    }
  }
}
