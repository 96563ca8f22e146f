package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Constraints;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.sagemaker.wire.ServiceModel;
import dev.weir.local.time.AdvancingScheduler;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The world in the hands of people, under {@code /_local/sagemaker/}.
 *
 * <ul>
 *   <li>{@code GET} the root: the whole world; {@code GET ledger}: every mutating call; {@code GET
 *       history}: every change
 *   <li>{@code POST resources/{kind}/{name}} with members as Describe gives them, such as {@code
 *       {"EndpointStatus":"Failed"}}, makes a resource what they say
 *   <li>{@code POST endpoints/{name}} with {@code {"health":"failing","load":{...}}}
 *   <li>{@code POST scores/{jobs}} with {@code {"loss":0.2}}: what training jobs whose names begin
 *       so measure
 *   <li>{@code POST metrics} with {@code {"Namespace":,"MetricName":,"Dimensions":{},"Value":}}
 *   <li>{@code POST faults} with {@code {"kind":"SILENT_ROLLBACK","resource":"chat","times":1}};
 *       {@code DELETE faults} takes all away
 *   <li>{@code POST clock} with {@code {"seconds":300}} lets that much time pass at once
 * </ul>
 */
public final class WorldControl {
  /** Where its paths begin. */
  public static final String ROOT = "/_local/sagemaker";

  private static final List<String> CONDITION = List.of("health", "load");
  private static final List<String> HEALTH = List.of("ok", "failing");
  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  private final World world;

  public WorldControl(World world) {
    this.world = world;
  }

  /** Answers one request. */
  public void handle(Exchange exchange, byte[] body) throws IOException {
    try {
      send(exchange, 200, answer(exchange.method(), words(exchange.path()), object(body)));
    } catch (IllegalArgumentException | DateTimeException | IOException | ApiError e) {
      send(exchange, 400, Json.object().put("error", String.valueOf(e.getMessage())));
    }
  }

  private static ObjectNode object(byte[] body) throws IOException {
    if (body.length == 0) {
      return Json.object();
    }
    if (Json.read(body) instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("the body is a JSON object");
  }

  private static String[] words(String path) {
    return path.substring(ROOT.length()).replaceAll("^/", "").split("/", 3);
  }

  private JsonNode answer(String method, String[] words, ObjectNode body) {
    switch (method + " " + words[0] + " " + words.length) {
      case "GET  1" -> {
        return world.view();
      }
      case "GET ledger 1" -> {
        return ledger();
      }
      case "GET history 1" -> {
        return history();
      }
      case "POST resources 3" -> put(kind(words[1]), words[2], body);
      case "POST endpoints 2" -> condition(words[1], body);
      case "POST scores 2" -> score(words[1], body);
      case "POST metrics 1" -> metric(body);
      case "POST faults 1" -> world.add(FaultText.read(body, world.time().instant()));
      case "DELETE faults 1" -> world.clearFaults();
      case "POST clock 1" -> advance(body.path("seconds"));
      default -> throw new IllegalArgumentException("no such control");
    }
    return Json.object().put("now", world.time().instant().toString());
  }

  private void put(Kind kind, String name, ObjectNode members) {
    if (!kind.names().matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name of kind " + kind.path() + " is like " + kind.names());
    }
    ServiceModel model = Service.SAGEMAKER.model();
    ServiceModel.Operation describe = model.operation("Describe" + kind.noun()).orElseThrow();
    Constraints.checkMembers(model, describe.output(), members);
    world.put(kind, name, members);
  }

  private void condition(String endpoint, ObjectNode body) {
    if (!CONDITION.containsAll(fields(body))) {
      throw new IllegalArgumentException("an endpoint has " + CONDITION);
    }
    String health = body.path("health").asText("ok");
    if (!HEALTH.contains(health)) {
      throw new IllegalArgumentException("health is one of " + HEALTH);
    }
    if (!(body.path("load") instanceof ObjectNode) && body.has("load")) {
      throw new IllegalArgumentException("load is a JSON object");
    }
    world.condition(endpoint, health, body.withObject("load"));
  }

  private static Set<String> fields(ObjectNode body) {
    return body.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private void score(String jobs, ObjectNode metrics) {
    for (Map.Entry<String, JsonNode> each : metrics.properties()) {
      if (!each.getValue().isNumber() && !each.getValue().isNull()) {
        throw new IllegalArgumentException(each.getKey() + " is a number, or null");
      }
    }
    world.scores(jobs, metrics);
  }

  private void advance(JsonNode seconds) {
    if (!seconds.isIntegralNumber() || seconds.asLong() < 0 || seconds.asLong() > MOST_SECONDS) {
      throw new IllegalArgumentException("seconds is a whole number from 0 to " + MOST_SECONDS);
    }
    if (!(world.time() instanceof AdvancingScheduler time)) {
      throw new IllegalArgumentException("the clock is real");
    }
    time.advance(Duration.ofSeconds(seconds.asLong()));
  }

  private void metric(ObjectNode body) {
    if (!body.path("Value").isNumber()
        || !body.path("Namespace").isTextual()
        || !body.path("MetricName").isTextual()) {
      throw new IllegalArgumentException("Namespace and MetricName are texts, Value is a number");
    }
    Map<String, String> dimensions = new TreeMap<>();
    body.path("Dimensions")
        .properties()
        .forEach(entry -> {
          if (!entry.getValue().isTextual()) {
            throw new IllegalArgumentException("Dimensions are texts, not " + entry.getKey());
          }
          dimensions.put(entry.getKey(), entry.getValue().asText());
        });
    Instant now = world.time().instant();
    world.metric(
        body.path("Namespace").asText(),
        body.path("MetricName").asText(),
        dimensions,
        body.has("Timestamp") ? Instant.parse(body.path("Timestamp").asText()) : now,
        body.path("Value").asDouble());
  }

  private static Kind kind(String path) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind " + path));
  }

  private JsonNode ledger() {
    ArrayNode list = Json.array();
    world
        .ledger()
        .forEach(entry ->
            list.addObject()
                .put("sequence", entry.sequence())
                .put("at", entry.at().toString())
                .put("caller", entry.caller())
                .put("service", entry.service())
                .put("operation", entry.operation())
                .put("resource", entry.resource())
                .put("outcome", entry.outcome())
                .set("request", entry.request()));
    return list;
  }

  private JsonNode history() {
    ArrayNode list = Json.array();
    world
        .history()
        .forEach(change ->
            list.addObject()
                .put("at", change.at().toString())
                .put("subject", change.subject())
                .put("to", change.to())
                .put("why", change.why()));
    return list;
  }

  private static void send(Exchange exchange, int status, JsonNode answer) throws IOException {
    exchange.respond(status, Headers.of("Content-Type", "application/json"), Json.bytes(answer));
  }
}
