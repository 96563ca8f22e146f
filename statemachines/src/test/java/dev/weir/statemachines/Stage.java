package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.WorldServer;
import dev.weir.local.sagemaker.wire.Service;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Does to a rig's account what the steps of a scenario say. */
final class Stage implements AutoCloseable {
  private static final Pattern NOW = Pattern.compile("\\$\\{now(?:([+-]\\d+)m)?}");
  private static final Duration LOOK = Duration.ofSeconds(20);
  private static final int LOOKS = 300;

  private final Rig rig;
  private final WorldServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  Stage(Rig rig) throws IOException {
    this.rig = rig;
    server = new WorldServer(rig.world, 0);
  }

  @Override
  public void close() throws IOException {
    http.close();
    server.close();
  }

  /**
   * One step: a call of an API, perhaps again until it answers so, a word to the world's own
   * control, an alarm that is quiet, or a pause.
   */
  void prepare(JsonNode untimed) throws IOException {
    JsonNode step = timed(untimed);
    if (step.has("pause")) {
      rig.time.advance(Duration.ofSeconds(step.get("pause").asLong()));
    } else if (step.has("alarm")) {
      alarm(step.path("alarm"), 0);
    } else if (step.has("control")) {
      post("/_local/sagemaker/" + step.path("control").asText(), "-", step.path("with"));
    } else {
      call(step);
    }
  }

  private void call(JsonNode step) throws IOException {
    for (int look = 0; look < LOOKS; look++) {
      JsonNode answer = post("/", step.path("call").asText(), step.path("with"));
      if (says(answer, step.path("until"))) {
        return;
      }
      rig.time.advance(LOOK);
    }
    throw new IllegalStateException(step + " does not come about");
  }

  /** Whether an object has at least these members. */
  static boolean says(JsonNode object, JsonNode members) {
    return members.properties().stream()
        .allMatch(member -> member.getValue().equals(object.path(member.getKey())));
  }

  private JsonNode post(String path, String target, JsonNode body) throws IOException {
    var request =
        HttpRequest.newBuilder(server.url().resolve(path))
            .header("X-Amz-Target", target)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      var reply = http.send(request, BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new IllegalStateException(target + path + ": " + reply.body());
      }
      return Rig.JSON.readTree(reply.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A row of the remediation table. */
  void put(JsonNode untimed) {
    JsonNode item = timed(untimed);
    Map<String, JsonNode> attributes = new LinkedHashMap<>();
    item.properties().forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
    rig.put(item.at("/pk/S").asText(), item.at("/sk/S").asText(), attributes);
  }

  /** Puts an event on the bus. */
  void send(JsonNode untimed) {
    JsonNode event = timed(untimed);
    rig.send(event.path("source").asText(), event.path("type").asText(), event.path("detail"));
  }

  /** An alarm on a metric of its own, which has this value. */
  void alarm(JsonNode alarm, double value) {
    ObjectNode request = Rig.JSON.createObjectNode().put("AlarmName", name(alarm));
    request.setAll(metric(alarm));
    request.put("Namespace", "Weir/Drill").put("Statistic", "Minimum").put("Period", 60);
    request.put("EvaluationPeriods", 1).put("Threshold", 1).put("TreatMissingData", "ignore");
    request.put("ComparisonOperator", "GreaterThanOrEqualToThreshold");
    rig.call(Service.CLOUDWATCH, "PutMetricAlarm", request.toString());
    measure(alarm, value);
  }

  /** Gives an alarm's metric a value. */
  void measure(JsonNode alarm, double value) {
    ObjectNode data = Rig.JSON.createObjectNode().put("Namespace", "Weir/Drill");
    data.putArray("MetricData").add(metric(alarm).put("Value", value));
    rig.call(Service.CLOUDWATCH, "PutMetricData", data.toString());
  }

  /** What an alarm of a scenario is called. */
  static String name(JsonNode alarm) {
    return Machines.STACK + "-rem-" + alarm.path("name").asText();
  }

  private static ObjectNode metric(JsonNode alarm) {
    ObjectNode metric = Rig.JSON.createObjectNode().put("MetricName", alarm.path("name").asText());
    var dimensions = metric.putArray("Dimensions");
    alarm
        .path("dimensions")
        .properties()
        .forEach(each -> {
          dimensions.addObject().put("Name", each.getKey()).set("Value", each.getValue());
        });
    return metric;
  }

  /** With <code>${now-90m}</code> and the like as times, and the account. */
  JsonNode timed(JsonNode text) {
    return Recording.json(
        NOW.matcher(text.toString().replace("${account}", "123456789012"))
            .replaceAll(match -> {
              long minutes = match.group(1) == null ? 0 : Long.parseLong(match.group(1));
              Instant at = rig.time.instant().plus(Duration.ofMinutes(minutes));
              return at.truncatedTo(ChronoUnit.SECONDS).toString();
            }));
  }
}
