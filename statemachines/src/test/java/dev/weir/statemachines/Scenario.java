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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of {@code scenarios/}: the world's condition, the rows of the table, what sets it off, and
 * how the guard ends. Both engines play it (docs/two-engines.md).
 */
record Scenario(String name, JsonNode text) {
  private static final Pattern NOW = Pattern.compile("\\$\\{now(?:([+-]\\d+)m)?}");
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

  private static String name(JsonNode alarm) {
    return Machines.STACK + "-rem-" + alarm.path("name").asText();
  }

  /** Plays it until the guard has ended; returns what began it, the guard's execution last. */
  List<String> play(Rig rig) throws IOException {
    List<String> first;
    try (WorldServer server = new WorldServer(rig.world, 0);
        HttpClient http = HttpClient.newHttpClient()) {
      for (JsonNode step : text.path("world")) {
        prepare(rig, server, http, timed(rig, step));
      }
      timed(rig, text.path("items")).forEach(item -> put(rig, item));
      first = setOff(rig, server, http);
    }
    return Stream.concat(first.stream(), Stream.of(awaitEnd(rig))).toList();
  }

  /** What begins with it before the guard. */
  private List<String> setOff(Rig rig, WorldServer server, HttpClient http) throws IOException {
    JsonNode event = timed(rig, text.path("event"));
    if (text.has("alarm")) {
      alarm(rig, text.path("alarm"), 5);
    } else if (text.has("event")) {
      rig.send(event.path("source").asText(), event.path("type").asText(), event.path("detail"));
    } else if (text.has("call")) {
      prepare(rig, server, http, timed(rig, text.path("call")));
    } else {
      JsonNode start = text.path("start");
      return List.of(rig.start(start.path("machine").asText(), start.path("with")));
    }
    return List.of();
  }

  /** With <code>${now-90m}</code> and the like as times. */
  private static JsonNode timed(Rig rig, JsonNode text) {
    return Recording.json(
        NOW.matcher(text.isMissingNode() ? "{}" : text.toString())
            .replaceAll(match -> {
              long minutes = match.group(1) == null ? 0 : Long.parseLong(match.group(1));
              Instant at = rig.time.instant().plus(Duration.ofMinutes(minutes));
              return at.truncatedTo(ChronoUnit.SECONDS).toString();
            }));
  }

  private static void prepare(Rig rig, WorldServer server, HttpClient http, JsonNode step)
      throws IOException {
    if (step.has("pause")) {
      rig.time.advance(Duration.ofSeconds(step.get("pause").asLong()));
      return;
    }
    if (step.has("alarm")) {
      alarm(rig, step.path("alarm"), 0);
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

  /** An alarm on a metric of its own, which has this value. */
  private static void alarm(Rig rig, JsonNode alarm, double value) {
    ObjectNode request = Rig.JSON.createObjectNode().put("AlarmName", name(alarm));
    request.setAll(metric(alarm));
    request.put("Namespace", "Weir/Drill").put("Statistic", "Minimum").put("Period", 60);
    request.put("EvaluationPeriods", 1).put("Threshold", 1).put("TreatMissingData", "ignore");
    request.put("ComparisonOperator", "GreaterThanOrEqualToThreshold");
    rig.call(Service.CLOUDWATCH, "PutMetricAlarm", request.toString());
    measure(rig, alarm, value);
  }

  private static void measure(Rig rig, JsonNode alarm, double value) {
    ObjectNode data = Rig.JSON.createObjectNode().put("Namespace", "Weir/Drill");
    data.putArray("MetricData").add(metric(alarm).put("Value", value));
    rig.call(Service.CLOUDWATCH, "PutMetricData", data.toString());
  }

  private static ObjectNode metric(JsonNode alarm) {
    ObjectNode metric = Rig.JSON.createObjectNode();
    metric.put("MetricName", alarm.path("name").asText());
    var dimensions = metric.putArray("Dimensions");
    alarm
        .path("dimensions")
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
        measure(rig, text.path("alarm"), 0);
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
        ? detail.path("alarmName").asText().equals(name(text.path("alarm")))
        : text.path("starts").properties().stream()
            .allMatch(told -> told.getValue().equals(detail.path(told.getKey())));
  }
}
