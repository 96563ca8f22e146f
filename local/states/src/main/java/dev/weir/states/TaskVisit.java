package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.definition.Resource;
import dev.weir.states.definition.State;
import java.time.Duration;
import java.util.Optional;

final class TaskVisit extends RecoverableVisit {
  private final State.Task task;
  private Optional<String> token = Optional.empty();
  private Optional<TaskAttempt> attempt = Optional.empty();

  TaskVisit(Branch branch, State.Task task, JsonNode input) {
    super(branch, task, input);
    this.task = task;
  }

  @Override
  void begin() {
    Resource resource = task.resource();
    token =
        resource.waitForTaskToken()
            ? Optional.of(run().engine().tokens().issue(run().execution().arn()))
            : Optional.empty();
    JsonNode arguments =
        task.arguments().map(template -> template.evaluate(this, "Arguments")).orElse(input());
    Payload.within(task.name(), arguments);
    Optional<Integer> timeout =
        task.timeoutSeconds().map(value -> value.whole(this, "TimeoutSeconds", 1));
    Optional<Integer> heartbeat =
        task.heartbeatSeconds().map(value -> value.whole(this, "HeartbeatSeconds", 1));
    scheduled(arguments, timeout, heartbeat);
    branch().record("TaskStarted", details());
    TaskAttempt started =
        new TaskAttempt(
            this, token, timeout.map(Duration::ofSeconds), heartbeat.map(Duration::ofSeconds));
    attempt = Optional.of(started);
    started.call(new Tasks.Call(run().execution().arn(), task.name(), resource, arguments, token));
  }

  @Override
  void stop() {
    super.stop();
    attempt.ifPresent(TaskAttempt::close);
  }

  @Override
  void aborted(long cause) {
    run().history().add(cause, "TaskStateAborted");
  }

  @Override
  ObjectNode context() {
    ObjectNode context = super.context();
    token.ifPresent(text -> context.putObject("Task").put("Token", text));
    return context;
  }

  void submitted(JsonNode output) {
    ObjectNode details = details();
    details.set("output", output);
    branch().record("TaskSubmitted", details);
  }

  void succeeded(JsonNode result) {
    if (Payload.tooLarge(result)) {
      failed(Failure.dataLimit(task.resource().service()));
      return;
    }
    ObjectNode details = details();
    details.set("output", result);
    branch().record("TaskSucceeded", details);
    succeed(result);
  }

  void failed(Failure failure) {
    branch().record("TaskFailed", details().setAll(failure.details()));
    error(failure);
  }

  void timedOut(boolean missedHeartbeat) {
    Failure failure = Failure.timeout(missedHeartbeat);
    branch().record("TaskTimedOut", details().setAll(failure.details()));
    error(failure);
  }

  private void scheduled(
      JsonNode arguments, Optional<Integer> timeout, Optional<Integer> heartbeat) {
    ObjectNode details = details();
    details.put("region", run().engine().region());
    details.set("parameters", arguments);
    timeout.ifPresent(seconds -> details.put("timeoutInSeconds", seconds));
    heartbeat.ifPresent(seconds -> details.put("heartbeatInSeconds", seconds));
    branch().record("TaskScheduled", details);
  }

  private ObjectNode details() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("resourceType", task.resource().eventType())
        .put("resource", task.resource().eventName());
  }
}
