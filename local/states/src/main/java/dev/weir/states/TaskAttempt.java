package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.time.Scheduler.Timer;
import dev.weir.states.Tasks.Reply;
import java.time.Duration;
import java.util.Optional;

/** One call of a task: open until its reply, its token or a timeout comes, and then never again. */
final class TaskAttempt {
  private final TaskVisit visit;
  private final Run run;
  private final Optional<String> token;
  private final Optional<Duration> heartbeat;
  private final Optional<Timer> timeout;
  private Optional<Timer> silence;
  private boolean open = true;

  TaskAttempt(
      TaskVisit visit,
      Optional<String> token,
      Optional<Duration> timeout,
      Optional<Duration> heartbeat) {
    this.visit = visit;
    this.run = visit.run();
    this.token = token;
    this.heartbeat = heartbeat;
    this.timeout = timeout.map(limit -> run.after(limit, () -> end(() -> visit.timedOut(false))));
    silence = listen();
    token.ifPresent(text -> run.engine().tokens().await(text, this));
  }

  void call(Tasks.Call call) {
    run.engine().tasks().call(call, reply -> run.after(Duration.ZERO, () -> replied(reply)));
  }

  void success(JsonNode output) {
    run.act(() -> end(() -> visit.succeeded(output)));
  }

  void failure(Failure failure) {
    run.act(() -> end(() -> visit.failed(failure)));
  }

  void heartbeat() {
    silence.ifPresent(Timer::cancel);
    silence = listen();
  }

  void close() {
    open = false;
    timeout.ifPresent(Timer::cancel);
    silence.ifPresent(Timer::cancel);
    token.ifPresent(run.engine().tokens()::forget);
  }

  private Optional<Timer> listen() {
    return heartbeat.map(limit -> run.after(limit, () -> end(() -> visit.timedOut(true))));
  }

  private void replied(Reply reply) {
    switch (reply) {
      case Reply.Done(JsonNode result) when token.isPresent() -> {
        if (open) {
          visit.submitted(result);
        }
      }
      case Reply.Done(JsonNode result) -> end(() -> visit.succeeded(result));
      case Reply.Failed(String error, String cause) ->
          end(() -> visit.failed(Failure.of(error, cause)));
      case Reply.Lost() -> {}
    }
  }

  private void end(Runnable how) {
    if (open) {
      close();
      how.run();
    }
  }
}
