package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealSchedulerTest {
  private final RealScheduler scheduler = new RealScheduler(InstantSource.system());

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void the_same_engine_runs_in_real_time() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    StateMachines machines =
        new StateMachines(
            scheduler,
            (call, reply) ->
                Thread.startVirtualThread(() -> {
                  reply.accept(new Tasks.Reply.Done(call.arguments()));
                  ended.countDown();
                }),
            (_, _) -> {},
            "eu-west-1",
            "0",
            1);
    String machine =
        machines.createStateMachine(
            "m",
            Lab.machine(
                "W",
                "\"W\":{\"Type\":\"Wait\",\"Seconds\":1,\"Next\":\"T\"},\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"End\":true}"),
            "r");
    String arn = machines.startExecution(machine, Optional.empty(), "[1]").executionArn();

    assertThat(machines.describeExecution(arn).status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 2_000 && machines.describeExecution(arn).stopDate().isEmpty(); i++) {
      Thread.sleep(10);
    }
    ExecutionDescription done = machines.describeExecution(arn);
    assertThat(done.output()).contains(Lab.json("[1]"));
    assertThat(Duration.between(done.startDate(), done.stopDate().orElseThrow()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_cancelled_action_does_not_run() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    CountDownLatch later = new CountDownLatch(1);
    scheduler.after(Duration.ofMillis(50), ran::countDown).cancel();
    scheduler.after(Duration.ofMillis(100), later::countDown);

    assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ran.getCount()).isOne();
  }

  @Test
  void a_question_may_ask_another_and_its_error_is_the_askers() {
    assertThat(scheduler.call(() -> scheduler.call(() -> 7))).isEqualTo(7);
    assertThatThrownBy(() ->
            scheduler.call(() -> {
              throw new StatesException("InvalidName", "no");
            }))
        .isInstanceOf(StatesException.class);
  }

  @Test
  void once_it_is_closed_late_replies_go_nowhere_and_questions_are_refused() {
    scheduler.close();

    scheduler.after(Duration.ZERO, () -> {}).cancel();
    assertThatThrownBy(() -> scheduler.call(() -> 7)).isInstanceOf(IllegalStateException.class);
  }
}
