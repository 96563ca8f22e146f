package dev.weir.local.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VirtualSchedulerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static List<Integer> order(long seed) {
    var time = new VirtualScheduler(START, seed);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      time.after(Duration.ofSeconds(1), () -> order.add(number));
    }
    time.run();
    return order;
  }

  @Test
  void actions_of_one_moment_run_in_the_seeds_order() {
    assertThat(order(1)).isEqualTo(order(1)).isNotEqualTo(order(2)).hasSize(20);
  }

  @Test
  void time_comes_to_where_it_is_sent_and_earlier_actions_run_first() {
    var time = new VirtualScheduler(START, 1);
    var seen = new ArrayList<Instant>();
    time.after(Duration.ofMinutes(9), () -> seen.add(time.instant()));
    time.after(
        Duration.ofMinutes(3),
        () -> time.after(Duration.ofMinutes(1), () -> seen.add(time.instant())));
    time.after(Duration.ofMinutes(11), () -> seen.add(time.instant()));
    time.advance(Duration.ofMinutes(10));
    assertThat(seen).containsExactly(START.plusSeconds(240), START.plusSeconds(540));
    assertThat(time.instant()).isEqualTo(START.plusSeconds(600));
  }

  @Test
  void a_cancelled_action_never_runs() {
    var time = new VirtualScheduler(START, 1);
    var ran = new ArrayList<String>();
    time.after(Duration.ofSeconds(1), () -> ran.add("cancelled")).cancel();
    time.after(Duration.ofSeconds(2), () -> ran.add("left"));
    time.run();
    assertThat(ran).containsExactly("left");
  }
}
