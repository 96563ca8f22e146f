package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.idle.Heartbeat;
import dev.weir.remedy.idle.IdlePolicy;
import dev.weir.remedy.idle.IdleRules;
import dev.weir.remedy.idle.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The function that judges, as {@code docs/idle.md} describes it. */
final class IdleFunction {
  private IdleFunction() {}

  static JsonNode judge(JsonNode ask) {
    Instant now = Instant.parse(ask.path("now").asText());
    JsonNode evidence = ask.path("evidence");
    Map<String, String> tags = new TreeMap<>();
    evidence.path("tags").properties().forEach(e -> tags.put(e.getKey(), e.getValue().asText()));
    String status = evidence.path("status").asText();
    Instant since = Instant.parse(evidence.path("since").asText());
    IdlePolicy policy = new IdlePolicy(rules(ask.path("settings")));
    String offHours = tags.getOrDefault("offhours", "");
    boolean clocked =
        !offHours.isEmpty()
            && !ask.path("kind").asText().endsWith("-job")
            && evidence.path("environment").asText("dev").equals("dev");
    if (clocked) {
      Verdict byClock = policy.offHours(offHours, status, since, tags, now);
      if (byClock.state() == Verdict.State.IDLE || byClock.state() == Verdict.State.UNKNOWN) {
        return reply(byClock, false);
      }
    }
    return reply(
        verdict(policy, ask.path("kind").asText(), status, since, tags, evidence, now), true);
  }

  private static Verdict verdict(
      IdlePolicy policy,
      String kind,
      String status,
      Instant since,
      Map<String, String> tags,
      JsonNode evidence,
      Instant now) {
    Optional<Heartbeat> heartbeat = heartbeat(evidence.path("heartbeat"));
    return switch (kind) {
      case "notebook-instance" ->
          policy.notebook(new IdlePolicy.Notebook(status, since, tags, heartbeat), now);
      case "app" ->
          policy.app(
              new IdlePolicy.App(
                  evidence.path("type").asText(),
                  status,
                  since,
                  evidence.path("nativeIdle").asBoolean(),
                  tags,
                  heartbeat),
              now);
      case "endpoint" ->
          policy.endpoint(
              new IdlePolicy.DevEndpoint(
                  status,
                  evidence.path("environment").asText(),
                  since,
                  tags,
                  number(evidence.path("invocations")),
                  evidence.path("cpuPoints").asInt()),
              now);
      default ->
          policy.leftover(
              new IdlePolicy.Leftover(
                  evidence.path("running").asBoolean(),
                  since,
                  tags,
                  evidence.path("referenced").asBoolean()),
              now);
    };
  }

  private static IdleRules rules(JsonNode settings) {
    return new IdleRules(
        Duration.ofMinutes(settings.path("idleMinutes").asInt()),
        Duration.ofDays(settings.path("endpointDays").asInt()),
        Duration.ofDays(settings.path("ageDays").asInt()),
        Duration.ofMinutes(settings.path("heartbeatMinutes").asInt()),
        settings.path("busyPercent").asDouble());
  }

  private static Optional<Heartbeat> heartbeat(JsonNode beat) {
    return time(beat.path("at"))
        .map(at ->
            new Heartbeat(
                at,
                time(beat.path("lastActivity")),
                beat.path("busyKernels").asInt(),
                time(beat.path("startingSince")),
                beat.path("terminals").asInt(),
                beat.path("cpuPercent").asDouble(),
                number(beat.path("gpuPercent"))));
  }

  private static Optional<Instant> time(JsonNode time) {
    return time.isTextual() ? Optional.of(Instant.parse(time.asText())) : Optional.empty();
  }

  private static OptionalDouble number(JsonNode number) {
    return number.isNumber() ? OptionalDouble.of(number.asDouble()) : OptionalDouble.empty();
  }

  private static JsonNode reply(Verdict verdict, boolean grace) {
    ObjectNode reply =
        Rig.JSON
            .createObjectNode()
            .put("verdict", verdict.state().name())
            .put("reason", verdict.reason())
            .put("approval", verdict.approval())
            .put("grace", grace);
    verdict.evidence().forEach(reply.putArray("evidence")::add);
    return reply;
  }
}
