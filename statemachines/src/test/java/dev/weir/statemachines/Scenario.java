package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.WorldServer;
import dev.weir.local.sagemaker.wire.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file of {@code scenarios/}: the world's condition, the rows of the table, an alarm, and how the
 * guard ends. Both engines play it (docs/two-engines.md).
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

  /** How the guard's execution ends: outcome and reason. */
  String ending() {
    return text.path("ends").asText();
  }

  String alarmName() {
    return Machines.STACK + "-rem-" + text.at("/alarm/name").asText();
  }

  /** Plays it from the beginning until nothing of it runs; returns the guard's execution. */
  String play(Rig rig) throws IOException {
    try (WorldServer server = new WorldServer(rig.world, 0);
        HttpClient http = HttpClient.newHttpClient()) {
      for (JsonNode step : text.path("world")) {
        prepare(rig, server, http, step);
      }
    }
    text.path("items").forEach(item -> put(rig, item));
    trip(rig);
    return awaitEnd(rig);
  }

  private static void prepare(Rig rig, WorldServer server, HttpClient http, JsonNode step)
      throws IOException {
    if (step.has("pause")) {
      rig.time.advance(Duration.ofSeconds(step.get("pause").asLong()));
      return;
    }
    String path = step.has("call") ? "/" : "/_local/sagemaker/" + step.path("control").asText();
    var request =
        HttpRequest.newBuilder(server.url().resolve(path))
            .header("X-Amz-Target", step.path("call").asText("-"))
            .POST(HttpRequest.BodyPublishers.ofString(step.path("with").toString()))
            .build();
    try {
      var reply = http.send(request, BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new IllegalStateException(step + ": " + reply.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void put(Rig rig, JsonNode item) {
    Map<String, JsonNode> attributes = new LinkedHashMap<>();
    item.properties().forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
    rig.put(item.at("/pk/S").asText(), item.at("/sk/S").asText(), attributes);
  }

  private void trip(Rig rig) {
    ObjectNode alarm = Rig.JSON.createObjectNode().put("AlarmName", alarmName());
    alarm.setAll((ObjectNode) metric());
    alarm.put("Namespace", "Weir/Drill").put("Statistic", "Minimum").put("Period", 60);
    alarm.put("EvaluationPeriods", 1).put("Threshold", 1).put("TreatMissingData", "ignore");
    alarm.put("ComparisonOperator", "GreaterThanOrEqualToThreshold");
    rig.call(Service.CLOUDWATCH, "PutMetricAlarm", alarm.toString());
    measure(rig, 5);
  }

  private void measure(Rig rig, double value) {
    ObjectNode data = Rig.JSON.createObjectNode().put("Namespace", "Weir/Drill");
    data.putArray("MetricData").add(metric().put("Value", value));
    rig.call(Service.CLOUDWATCH, "PutMetricData", data.toString());
  }

  private ObjectNode metric() {
    ObjectNode metric = Rig.JSON.createObjectNode();
    metric.put("MetricName", text.at("/alarm/name").asText());
    var dimensions = metric.putArray("Dimensions");
    text.at("/alarm/dimensions")
        .properties()
        .forEach(each ->
            dimensions
                .addObject()
                .put("Name", each.getKey())
                .put("Value", each.getValue().asText()));
    return metric;
  }

  private String awaitEnd(Rig rig) {
    boolean recovers = text.at("/alarm/recovers").asBoolean();
    for (Duration passed = Duration.ZERO;
        passed.compareTo(LONGEST) < 0;
        passed = passed.plus(STEP)) {
      rig.time.advance(STEP);
      var guard = rig.executions.stream().filter(arn -> isOf(rig, arn)).findFirst();
      if (recovers && guard.filter(arn -> rig.way(arn).contains("StartAct")).isPresent()) {
        measure(rig, 0);
        recovers = false;
      }
      if (guard.filter(arn -> rig.describe(arn).stopDate().isPresent()).isPresent()) {
        return guard.get();
      }
    }
    throw new IllegalStateException(name + " does not end");
  }

  private boolean isOf(Rig rig, String execution) {
    JsonNode input = rig.describe(execution).input();
    return input.at("/event/detail/alarmName").asText().equals(alarmName());
  }
}
