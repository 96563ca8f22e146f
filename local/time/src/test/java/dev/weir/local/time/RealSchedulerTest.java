package dev.weir.local.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RealSchedulerTest {

  @Test
  void an_action_runs_and_a_question_asked_by_it_is_answered_at_once() throws Exception {
    try (var time = new RealScheduler(InstantSource.system())) {
      var answered = new CountDownLatch(1);
      time.after(
          Duration.ofMillis(1),
          () -> {
            if (time.call(() -> 7) == 7) {
              answered.countDown();
            }
          });
      assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_questions_failure_reaches_who_asked() {
    try (var time = new RealScheduler(InstantSource.system())) {
      assertThatThrownBy(() ->
              time.call(() -> {
                throw new IllegalArgumentException("no");
              }))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
