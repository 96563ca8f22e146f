package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.Deployment.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir incidents}: what remediation was started by, and how it ended. */
@Command(
    name = "incidents",
    mixinStandardHelpOptions = true,
    description = "One line for each incident of remediation: how it stands, and since when.")
final class IncidentsCommand implements Callable<Integer> {

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--day",
      description = "Those of which something was written on this UTC day, such as 2026-11-22.")
  Optional<String> day = Optional.empty();

  @Option(
      names = "--since",
      description =
          "Those of which something was written since this UTC day, at most 31 days ago. Default: yesterday.")
  Optional<String> since = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  boolean isJson;

  @Mixin Deployment deployment = new Deployment();

  @Override
  public Integer call() {
    Map<String, String> query = new TreeMap<>();
    day.ifPresent(it -> query.put("day", it));
    since.ifPresent(it -> query.put("since", it));
    Answer answer =
        deployment.ask(
            weir, "GET", List.of("remediation", "incidents"), query, Map.of(), Optional.empty());
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    if (isJson) {
      return deployment.say(answer, answer.body().toPrettyString());
    }
    for (JsonNode incident : answer.body().path("incidents")) {
      String reason = incident.path("reason").asText();
      spec.commandLine()
          .getOut()
          .printf(
              "%-34s %-8s %4s suppressed  %s%n",
              incident.path("outcome").asText() + (reason.isEmpty() ? "" : "(" + reason + ")"),
              incident.path("severity").asText(),
              incident.path("suppressed").asText()
                  + (incident.path("more_suppressed").asBoolean() ? "+" : ""),
              incident.path("id").asText());
    }
    return 0;
  }
}
