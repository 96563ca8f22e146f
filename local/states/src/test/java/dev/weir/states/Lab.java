package dev.weir.states;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.time.VirtualScheduler;
import dev.weir.states.definition.Edge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A control plane on virtual time, and what its tests ask for again and again. */
final class Lab {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  final VirtualScheduler clock;
  final ScriptedTasks tasks;
  final List<Edge> reached = new ArrayList<>();
  final StateMachines machines;
  private int created;

  Lab() {
    this(1);
  }

  Lab(long seed) {
    this(seed, StateMachines.Links.NONE);
  }

  Lab(long seed, StateMachines.Links links) {
    clock = new VirtualScheduler(START, seed);
    tasks = new ScriptedTasks(clock);
    machines =
        new StateMachines(
            clock, tasks, (_, edge) -> reached.add(edge), "eu-west-1", "000000000000", seed, links);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A machine of these states; single quotes stand for double ones outside expressions. */
  static String machine(String startAt, String states) {
    return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"%s\",\"States\":{%s}}"
        .formatted(startAt, states);
  }

  String create(String definition) {
    return machines.createStateMachine("m" + created++, definition, "arn:aws:iam::0:role/r");
  }

  String start(String definition, String input) {
    return machines.startExecution(create(definition), Optional.empty(), input).executionArn();
  }

  /** Starts it and lets the time pass until nothing happens any more. */
  ExecutionDescription run(String definition, String input) {
    String arn = start(definition, input);
    clock.run();
    return machines.describeExecution(arn);
  }

  ExecutionDescription run(String definition) {
    return run(definition, "{}");
  }

  List<HistoryEvent> history(ExecutionDescription execution) {
    return machines.getExecutionHistory(execution.executionArn());
  }

  /** Each event as {@code id previous type}. */
  List<String> shape(ExecutionDescription execution) {
    return history(execution).stream()
        .map(event -> event.id() + " " + event.previousEventId() + " " + event.type())
        .toList();
  }

  long secondsPassed() {
    return java.time.Duration.between(START, clock.instant()).toSeconds();
  }
}
