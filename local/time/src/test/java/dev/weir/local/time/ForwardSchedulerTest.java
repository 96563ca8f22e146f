package dev.weir.local.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ForwardSchedulerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void time_passes_by_itself() throws Exception {
    try (var time = new ForwardScheduler(InstantSource.system(), 1)) {
      var ran = new CountDownLatch(1);
      time.after(Duration.ofMillis(5), ran::countDown);
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void sent_ahead_everything_in_between_runs_at_its_own_time() {
    try (var time = new ForwardScheduler(InstantSource.fixed(START), 1)) {
      List<Instant> seen = Collections.synchronizedList(new ArrayList<>());
      time.after(
          Duration.ofMinutes(5),
          () -> {
            seen.add(time.instant());
            time.after(Duration.ofMinutes(1), () -> seen.add(time.instant()));
          });
      time.after(Duration.ofMinutes(11), () -> seen.add(time.instant()));
      time.advance(Duration.ofMinutes(10));
      assertThat(seen).containsExactly(START.plusSeconds(300), START.plusSeconds(360));
      assertThat(time.instant()).isEqualTo(START.plusSeconds(600));
    }
  }

  @Test
  void time_stands_still_while_it_is_held() {
    try (var time = new ForwardScheduler(InstantSource.fixed(START), 1)) {
      List<String> order = Collections.synchronizedList(new ArrayList<>());
      time.after(
          Duration.ofSeconds(1),
          () -> {
            Runnable release = time.hold();
            Thread.startVirtualThread(() -> {
              pause();
              time.after(Duration.ZERO, () -> order.add("answered at " + time.instant()));
              release.run();
            });
          });
      time.after(Duration.ofSeconds(2), () -> order.add("timed out"));
      time.advance(Duration.ofMinutes(1));
      assertThat(order).containsExactly("answered at " + START.plusSeconds(1), "timed out");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_failing_action_does_not_end_the_time() {
    try (var time = new ForwardScheduler(InstantSource.fixed(START), 1)) {
      List<String> ran = Collections.synchronizedList(new ArrayList<>());
      time.after(
          Duration.ofSeconds(1),
          () -> {
            throw new IllegalStateException("no");
          });
      time.after(Duration.ofSeconds(2), () -> ran.add("later"));
      time.advance(Duration.ofSeconds(3));
      assertThat(ran).containsExactly("later");
    }
  }
}
