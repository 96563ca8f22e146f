package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cli.Deployment.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir tenant …}. Every change acts on the tenant's next call. */
@Command(
    name = "tenant",
    mixinStandardHelpOptions = true,
    description = "Create, limit, suspend, list and show tenants.")
final class TenantCommands {

  /** Whether payloads are kept. */
  enum Whether {
    ON,
    OFF
  }

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Create a tenant.")
  int create(
      @Parameters(paramLabel = "TENANT", description = "Its id.") String tenant,
      @Option(
              names = "--estimate",
              defaultValue = "tokens",
              description = "How prompts are bounded: tokens or bytes.")
          String estimate,
      @Option(
              names = "--guard",
              description =
                  "Guard set applied after its models' own; one of the catalog's. Default: none.")
          Optional<String> guard,
      @Option(
              names = "--at-budget",
              defaultValue = "notify",
              description = "When a day's or month's budget is used up: notify or switch_off.")
          String atBudget,
      @Option(
              names = "--shards",
              defaultValue = "1",
              description = "Items to keep its limits on: 1, or as many as the limits allow.")
          int shards,
      @Mixin LimitOptions limits,
      @Mixin Deployment deployment) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", tenant)
            .put("shards", shards)
            .put("estimate", estimate.toLowerCase(Locale.ROOT))
            .put("guard", guard.orElse(null))
            .put("atBudget", atBudget);
    body.set("limits", limits.json());
    return deployment.say(deployment.ask(weir, body, "POST", "tenants"), "created " + tenant);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Replace all of a tenant's limits; those left out are no limits any more.")
  int limits(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Mixin LimitOptions limits,
      @Mixin Deployment deployment) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("limits", limits.json());
    return change(deployment, tenant, body, "limited " + tenant);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Give a tenant another guard set, applied after its models' own.")
  int guard(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "GUARD", description = "Id of a guard set of the catalog.")
          String guard,
      @Mixin Deployment deployment) {
    return change(deployment, tenant, field("guard", guard), "guarded " + tenant + " by " + guard);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Say whether a tenant's turns are kept in sessions, and how long at most.")
  int sessions(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "WHETHER", description = "${COMPLETION-CANDIDATES}.")
          Whether whether,
      @Option(
              names = "--idle-hours",
              description = "After the last turn: 1 to 8760, or 0 for what the stack says.")
          Optional<Integer> idleHours,
      @Option(
              names = "--days",
              description = "After the first turn: 1 to 3650, or 0 for what the stack says.")
          Optional<Integer> days,
      @Mixin Deployment deployment) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("sessions", whether == Whether.ON);
    idleHours.ifPresent(hours -> body.put("sessionIdleHours", hours));
    days.ifPresent(count -> body.put("sessionDays", count));
    return change(
        deployment,
        tenant,
        body,
        "sessions " + whether.name().toLowerCase(Locale.ROOT) + " for " + tenant);
  }

  @Command(
      name = "at-budget",
      mixinStandardHelpOptions = true,
      description = "Say what happens when a tenant's day or month budget is used up.")
  int atBudget(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "WHAT", description = "notify or switch_off.") String what,
      @Mixin Deployment deployment) {
    return change(deployment, tenant, field("atBudget", what), what + " " + tenant + " at budget");
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Keep its requests and answers in S3, redacted, or stop. Without PayloadCapture=on nothing"
              + " is kept; only the admin routes (--url) know, and refuse.")
  int capture(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "WHETHER", description = "${COMPLETION-CANDIDATES}.")
          Whether whether,
      @Option(
              names = "--days",
              defaultValue = "30",
              description = "For how long it goes on, 1 to 3650. Default: 30.")
          int days,
      @Mixin Deployment deployment) {
    if (days < 1) {
      throw new ParameterException(spec.commandLine(), "--days must be 1 to 3650, not " + days);
    }
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("captureDays", whether == Whether.ON ? days : 0);
    return change(
        deployment,
        tenant,
        body,
        whether == Whether.ON
            ? "captured for %d days, if the stack has PayloadCapture=on".formatted(days)
            : "not captured");
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Keep a tenant's limits on so many items, for more calls a second than one item takes;"
              + " limits and spend stay as they are.")
  int shards(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "SHARDS", description = "1, or as many as the limits allow: to 64.")
          int shards,
      @Mixin Deployment deployment) {
    return change(
        deployment,
        tenant,
        JsonNodeFactory.instance.objectNode().put("shards", shards),
        "sharded " + tenant + " by " + shards);
  }

  @Command(mixinStandardHelpOptions = true, description = "Refuse every call from now on.")
  int suspend(@Parameters(paramLabel = "TENANT") String tenant, @Mixin Deployment deployment) {
    return change(deployment, tenant, field("status", "suspended"), "suspended " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "Accept calls again.")
  int activate(@Parameters(paramLabel = "TENANT") String tenant, @Mixin Deployment deployment) {
    return change(deployment, tenant, field("status", "active"), "activated " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "List the tenants by id.")
  int list(@Mixin Deployment deployment) {
    List<String> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Answer page =
          deployment.ask(
              weir,
              "GET",
              List.of("tenants"),
              after.map(id -> Map.of("after", id)).orElse(Map.of()),
              Map.of(),
              Optional.empty());
      if (page.isRefused()) {
        return deployment.refused(page);
      }
      page.body().path("tenants").forEach(id -> all.add(id.asText()));
      after = Optional.ofNullable(page.body().path("next").textValue());
    } while (after.isPresent());
    all.forEach(spec.commandLine().getOut()::println);
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "Show limits, keys and spend.")
  int show(@Parameters(paramLabel = "TENANT") String tenant, @Mixin Deployment deployment) {
    Answer answer = deployment.ask(weir, "GET", "tenants", tenant);
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    print(answer.body());
    return 0;
  }

  private void print(JsonNode tenant) {
    JsonNode limits = tenant.path("limits");
    JsonNode spend = tenant.path("spend");
    say(
        "tenant       %s, %s, bounds by %s",
        text(tenant, "id"), text(tenant, "status"), text(tenant, "estimate"));
    say("shards       %s", text(tenant, "shards"));
    say("guard        %s", tenant.path("guard").asText("its models' own"));
    if (!tenant.path("capturedUntil").isNull()) {
      say("captured     until %s", text(tenant, "capturedUntil"));
    }
    say(
        "sessions     %s%s%s",
        tenant.path("sessions").asBoolean() ? "on" : "off",
        bound(tenant, "sessionIdleHours", ", at most %s h after the last turn"),
        bound(tenant, "sessionDays", ", %s days after the first"));
    say(
        "requests     %s per minute, %s ever",
        limit(limits, "requestsPerMinute"), text(spend, "requests"));
    say(
        "tokens       %s per minute, %s ever",
        limit(limits, "tokensPerMinute"), text(spend, "tokens"));
    say("concurrency  %s of %s", text(spend, "inFlight"), limit(limits, "concurrency"));
    for (String period : List.of("day", "month", "lifetime")) {
      String field = period + "MicroUsd";
      say("%-12s %s of %s micro-USD", period, text(spend, field), limit(limits, field));
    }
    say("at budget    %s", text(tenant, "atBudget"));
    for (JsonNode key : tenant.path("keys")) {
      say(
          "key          %s, %s, %s",
          text(key, "id"),
          key.path("expiresAt").isNull() ? "never expires" : "expires " + text(key, "expiresAt"),
          key.path("models").isEmpty() ? "every model" : models(key));
    }
  }

  private static List<String> models(JsonNode key) {
    List<String> models = new ArrayList<>();
    key.path("models").forEach(model -> models.add(model.asText()));
    return models;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static String bound(JsonNode tenant, String field, String format) {
    return tenant.path(field).isNull() ? "" : format.formatted(text(tenant, field));
  }

  private static String limit(JsonNode limits, String field) {
    return limits.path(field).isNull() ? "unlimited" : text(limits, field);
  }

  private int change(Deployment deployment, String tenant, JsonNode body, String done) {
    return deployment.say(deployment.ask(weir, body, "PATCH", "tenants", tenant), done);
  }

  private static ObjectNode field(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  private void say(String format, Object... arguments) {
    spec.commandLine().getOut().printf(format + "%n", arguments);
  }
}
