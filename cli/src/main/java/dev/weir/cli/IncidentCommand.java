package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.admin.AdminReply;
import dev.weir.cli.Deployment.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir incident}: everything that was written down of one incident, in its order. */
@Command(
    name = "incident",
    mixinStandardHelpOptions = true,
    description = "The timeline of one incident: runs, plans, approvals, steps and how it ended.")
final class IncidentCommand implements Callable<Integer> {

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ID", description = "Its id, as weir incidents lists it.")
  String id = "";

  @Option(names = "--html", description = "Write the timeline to this file as one page.")
  Optional<Path> html = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  boolean isJson;

  @Mixin Deployment deployment = new Deployment();

  @Override
  public Integer call() {
    List<String> path = List.of("remediation", "incidents", id);
    Answer answer = deployment.ask(weir, "GET", path, Map.of(), Map.of(), Optional.empty());
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    if (html.isPresent()) {
      write(html.get(), path);
      return deployment.say(answer, "written " + html.get());
    }
    if (isJson) {
      return deployment.say(answer, answer.body().toPrettyString());
    }
    PrintWriter out = spec.commandLine().getOut();
    String trigger = answer.body().path("trigger").asText();
    if (!trigger.isEmpty()) {
      out.println("set off by " + trigger);
    }
    JsonNode shown = MissingNode.getInstance();
    for (JsonNode row : answer.body().path("rows")) {
      out.println(line(row));
      JsonNode steps = row.path("plan").path("steps");
      if (!steps.equals(shown)) {
        PlanSteps.print(out, row.path("plan"));
        shown = steps;
      }
    }
    return 0;
  }

  private void write(Path file, List<String> path) {
    AdminReply page =
        deployment.send(
            weir, "GET", path, Map.of(), Map.of("accept", "text/html"), Optional.empty());
    try {
      Files.write(file, page.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(JsonNode row) {
    StringBuilder line =
        new StringBuilder(
            "%-24s %s".formatted(row.path("at").asText(), row.path("outcome").asText()));
    for (String member : List.of("reason", "by", "summary")) {
      String text = row.path(member).asText();
      if (!text.isEmpty()) {
        line.append(
            switch (member) {
              case "reason" -> "(" + text + ")";
              case "by" -> " by " + text;
              default -> ": " + text;
            });
      }
    }
    return line.toString();
  }
}
