package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cli.Deployment.Answer;
import dev.weir.remedy.rule.Bound;
import dev.weir.remedy.rule.Mode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir remediation …}: what remediation may do in one deployment, and what it is at. */
@Command(
    name = "remediation",
    mixinStandardHelpOptions = true,
    description = "Modes, limits, freeze, locks; and starting an action by hand.")
final class RemediationCommands {

  private static final String ACTION = "The action, such as restart-endpoint.";

  /** For the help. */
  private static final class Modes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Mode.names().iterator();
    }
  }

  /** For the help. */
  private static final class Bounds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Bound.values()).map(Bound::text).iterator();
    }
  }

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(
      mixinStandardHelpOptions = true,
      description = "Show modes, limits, the freeze, storms and what is in flight.")
  int status(@Mixin Deployment deployment) {
    Answer answer = deployment.ask(weir, "GET", "remediation");
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    JsonNode status = answer.body();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-20s %s%n", "all", status.path("mode").asText());
    status
        .path("actions")
        .forEach(each ->
            out.printf(
                "%-20s %-8s %s%n",
                each.path("action").asText(), each.path("mode").asText(), limits(each)));
    if (status.hasNonNull("freezeUntil")) {
      out.println("frozen until " + status.path("freezeUntil").asText());
    }
    for (JsonNode fleet : status.path("fleets")) {
      if (fleet.hasNonNull("stormUntil")) {
        out.printf(
            "storm of %s until %s%n",
            fleet.path("kind").asText(), fleet.path("stormUntil").asText());
      }
      fleet
          .path("inFlight")
          .forEach(
              name -> out.printf("in flight %s/%s%n", fleet.path("kind").asText(), name.asText()));
      fleet
          .path("startsWithinHour")
          .properties()
          .forEach(starts ->
              out.printf(
                  "%s starts of %s within an hour, of kind %s%n",
                  starts.getValue().asText(), starts.getKey(), fleet.path("kind").asText()));
    }
    return 0;
  }

  private static String limits(JsonNode action) {
    return action.path("limits").properties().stream()
        .map(limit -> limit.getKey() + "=" + limit.getValue().asText())
        .collect(Collectors.joining(" "));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Set how far an action may go, or all: the lower of the two counts.")
  int mode(
      @Parameters(paramLabel = "ACTION", description = "The action, or all.") String action,
      @Parameters(
              paramLabel = "MODE",
              description = "One of ${COMPLETION-CANDIDATES}.",
              completionCandidates = Modes.class)
          String mode,
      @Mixin Deployment deployment) {
    return deployment.say(
        deployment.ask(
            weir,
            JsonNodeFactory.instance.objectNode().put("mode", mode),
            "PUT",
            "remediation",
            "actions",
            action),
        action + " " + mode);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Set limits of an action; none goes back to what it has by itself.")
  int limits(
      @Parameters(paramLabel = "ACTION", description = ACTION) String action,
      @Parameters(
              arity = "1..*",
              paramLabel = "LIMIT=NUMBER",
              description = "${COMPLETION-CANDIDATES}; a number, or none.",
              completionCandidates = Bounds.class)
          Map<String, String> limits,
      @Mixin Deployment deployment) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode values = body.putObject("limits");
    limits.forEach((name, value) -> {
      if (value.equals("none")) {
        values.putNull(name);
      } else {
        values.put(name, number(name, value));
      }
    });
    return deployment.say(
        deployment.ask(weir, body, "PUT", "remediation", "actions", action), "limits " + action);
  }

  private long number(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "%s is a number or none, not %s".formatted(name, value), e);
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Start nothing until a time; what runs goes on.")
  int freeze(
      @Parameters(
              paramLabel = "UNTIL",
              description = "A time, such as 2026-11-23T07:00:00Z, or off.")
          String until,
      @Mixin Deployment deployment) {
    return deployment.say(
        until.equals("off")
            ? deployment.ask(weir, "DELETE", "remediation", "freeze")
            : deployment.ask(
                weir,
                JsonNodeFactory.instance.objectNode().put("until", until),
                "PUT",
                "remediation",
                "freeze"),
        until.equals("off") ? "not frozen" : "frozen until " + until);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Show targets that are locked or cool down.")
  int locks(@Mixin Deployment deployment) {
    Answer answer = deployment.ask(weir, "GET", "remediation", "locks");
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    PrintWriter out = spec.commandLine().getOut();
    for (JsonNode lock : answer.body().path("locks")) {
      String target = lock.path("target").asText();
      if (lock.path("held").asBoolean()) {
        out.printf(
            "%s held by %s until %s: %s%n",
            target,
            lock.path("action").asText(),
            lock.path("leaseUntil").asText(),
            lock.path("incident").asText());
      }
      lock.path("coolingUntil")
          .properties()
          .forEach(cooling ->
              out.printf(
                  "%s cools down from %s until %s%n",
                  target, cooling.getKey(), cooling.getValue().asText()));
    }
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Have an action looked into as an alarm would: guarded, audited, in its mode.")
  int start(
      @Parameters(paramLabel = "ACTION", description = ACTION) String action,
      @Parameters(paramLabel = "KIND", description = "What it is done to, such as endpoint.")
          String kind,
      @Parameters(paramLabel = "NAME", description = "The target's name.") String name,
      @Mixin Deployment deployment) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("action", action)
            .put("kind", kind)
            .put("name", name);
    Answer answer = deployment.ask(weir, body, "POST", "remediation", "runs");
    return deployment.say(answer, "started " + answer.body().path("incident").asText());
  }
}
