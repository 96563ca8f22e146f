package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** One execution: what it was started with, its history, and how it ended. */
final class Execution {
  private final String arn;
  private final String name;
  private final Machine machine;
  private final JsonNode input;
  private final Instant startDate;
  private final History history;
  private Optional<End> end = Optional.empty();

  /** How an execution ended. */
  record End(
      ExecutionStatus status,
      Instant stopDate,
      Optional<JsonNode> output,
      Optional<Failure> failure) {}

  Execution(
      String arn,
      String name,
      Machine machine,
      JsonNode input,
      Instant startDate,
      History history) {
    this.arn = arn;
    this.name = name;
    this.machine = machine;
    this.input = input;
    this.startDate = startDate;
    this.history = history;
  }

  String arn() {
    return arn;
  }

  Machine machine() {
    return machine;
  }

  JsonNode input() {
    return input;
  }

  History history() {
    return history;
  }

  Optional<End> end() {
    return end;
  }

  void end(End how) {
    end = Optional.of(how);
  }

  /** The part of the context object that every state of it shares. */
  ObjectNode context() {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context
        .putObject("Execution")
        .put("Id", arn)
        .put("Name", name)
        .put("RoleArn", machine.roleArn())
        .put("StartTime", Timestamps.write(startDate))
        .put("RedriveCount", 0)
        .set("Input", input);
    context.putObject("StateMachine").put("Id", machine.arn()).put("Name", machine.name());
    return context;
  }

  ExecutionDescription describe() {
    return new ExecutionDescription(
        arn,
        machine.arn(),
        name,
        end.map(End::status).orElse(ExecutionStatus.RUNNING),
        startDate,
        end.map(End::stopDate),
        input,
        end.flatMap(End::output),
        end.flatMap(End::failure).flatMap(Failure::error),
        end.flatMap(End::failure).flatMap(Failure::cause));
  }
}
