package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualSchedulerTest {
  private final VirtualScheduler clock = new VirtualScheduler(Lab.START, 1);

  @Test
  void actions_run_in_order_of_time_and_find_their_time() {
    List<Long> seen = new ArrayList<>();
    for (long seconds : List.of(30L, 10L, 20L)) {
      clock.after(
          Duration.ofSeconds(seconds),
          () -> seen.add(Duration.between(Lab.START, clock.instant()).toSeconds()));
    }
    clock.run();

    assertThat(seen).containsExactly(10L, 20L, 30L);
  }

  @Test
  void time_stops_where_it_was_told_to() {
    List<String> ran = new ArrayList<>();
    clock.after(Duration.ofSeconds(5), () -> ran.add("due"));
    clock.after(Duration.ofSeconds(6), () -> ran.add("not due"));
    clock.advance(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("due");
    assertThat(clock.instant()).isEqualTo(Lab.START.plusSeconds(5));
    clock.advance(Duration.ofMillis(500));
    assertThat(clock.instant()).isEqualTo(Lab.START.plusMillis(5500));
  }

  @Test
  void a_cancelled_action_does_not_even_let_time_pass() {
    clock.after(Duration.ofDays(1), () -> {}).cancel();
    clock.run();

    assertThat(clock.instant()).isEqualTo(Lab.START);
  }

  @Test
  void the_seed_orders_what_is_due_at_once() {
    assertThat(order(1)).isEqualTo(order(1)).isNotEqualTo(order(2)).hasSize(20);
    assertThat(order(1)).isNotEqualTo(order(1).stream().sorted().toList());
  }

  private static List<Integer> order(long seed) {
    VirtualScheduler clock = new VirtualScheduler(Lab.START, seed);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      clock.after(Duration.ZERO, () -> order.add(number));
    }
    clock.run();
    return order;
  }
}
