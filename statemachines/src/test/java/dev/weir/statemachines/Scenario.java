package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of {@code scenarios/}: the world's condition, the rows of the table, what sets it off, and
 * how it ends. Both engines play it (docs/two-engines.md).
 */
record Scenario(String name, JsonNode text) {
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Duration STEP = Duration.ofSeconds(20);

  @Override
  public String toString() {
    return name;
  }

  static List<Scenario> all() {
    try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
      return files.sorted().map(Scenario::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Scenario read(Path file) {
    try {
      String name = file.getFileName().toString().replace(".json", "");
      return new Scenario(name, Rig.JSON.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How it ends: the guard's outcome and reason, or the status of what is started by itself. */
  String ending() {
    return text.path("ends").asText();
  }

  /** Whether no guard is started by it. */
  boolean isByItself() {
    return text.has("start") && !text.has("starts");
  }

  /** What the output has at least. */
  JsonNode says() {
    return text.path("says");
  }

  /** Plays it to its end; returns what began it, the guard's execution last. */
  List<String> play(Rig rig) throws IOException {
    if (text.has("approve")) {
      rig.approver =
          ask ->
              rig.account
                  .machines()
                  .sendTaskSuccess(
                      ask.path("token").asText(), "{\"approvedBy\":\"ann\",\"comment\":\"drill\"}");
    }
    try (Stage stage = new Stage(rig)) {
      for (JsonNode step : text.path("world")) {
        stage.prepare(step);
      }
      text.path("items").forEach(stage::put);
      List<String> first = setOff(rig, stage);
      if (isByItself()) {
        rig.time.advance(LONGEST);
        return first;
      }
      return Stream.concat(first.stream(), Stream.of(awaitEnd(rig, stage))).toList();
    }
  }

  /** What begins with it before the guard. */
  private List<String> setOff(Rig rig, Stage stage) throws IOException {
    if (text.has("alarm")) {
      stage.alarm(text.path("alarm"), 5);
    } else if (text.has("event")) {
      stage.send(text.path("event"));
    } else if (text.has("call")) {
      stage.prepare(text.path("call"));
    } else {
      JsonNode start = text.path("start");
      return List.of(rig.start(start.path("machine").asText(), stage.timed(start.path("with"))));
    }
    return List.of();
  }

  private String awaitEnd(Rig rig, Stage stage) {
    boolean recovers = text.at("/alarm/recovers").asBoolean();
    for (Duration passed = Duration.ZERO;
        passed.compareTo(LONGEST) < 0;
        passed = passed.plus(STEP)) {
      rig.time.advance(STEP);
      var guard = rig.executions.stream().filter(arn -> isOf(rig, arn)).findFirst();
      if (recovers && guard.filter(arn -> rig.way(arn).contains("StartAct")).isPresent()) {
        stage.measure(text.path("alarm"), 0);
        recovers = false;
      }
      if (guard.filter(arn -> rig.describe(arn).stopDate().isPresent()).isPresent()) {
        return guard.get();
      }
    }
    throw new IllegalStateException(name + " does not end");
  }

  private boolean isOf(Rig rig, String execution) {
    JsonNode detail = rig.describe(execution).input().at("/event/detail");
    return text.has("alarm")
        ? detail.path("alarmName").asText().equals(Stage.name(text.path("alarm")))
        : detail.isObject() && Stage.says(detail, text.path("starts"));
  }
}
