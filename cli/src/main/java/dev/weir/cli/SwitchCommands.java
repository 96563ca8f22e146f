package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.cli.Deployment.Answer;
import dev.weir.killswitch.Target;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir switch …}: the kill switches of one deployment. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = "Turn things off and on within 5 s, running answers included.")
final class SwitchCommands {

  private static final String WHAT =
      "all, tenant:ID, key:ID, model:NAME, tool:FUNCTION, or door:DOOR, where DOOR is one of"
          + " ${COMPLETION-CANDIDATES}.";

  /** For the help: the doors' names are in one place only. */
  private static final class Doors implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Target.DOORS.iterator();
    }
  }

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Turn something off.")
  int off(
      @Parameters(paramLabel = "WHAT", description = WHAT, completionCandidates = Doors.class)
          String what,
      @Option(names = "--why", required = true, description = "Shown to clients.") String why,
      @Mixin Deployment deployment) {
    return deployment.say(
        deployment.ask(
            weir, JsonNodeFactory.instance.objectNode().put("why", why), "PUT", "switches", what),
        "off " + what);
  }

  @Command(mixinStandardHelpOptions = true, description = "Turn something on again.")
  int on(
      @Parameters(paramLabel = "WHAT", description = WHAT, completionCandidates = Doors.class)
          String what,
      @Mixin Deployment deployment) {
    return deployment.say(deployment.ask(weir, "DELETE", "switches", what), "on " + what);
  }

  @Command(mixinStandardHelpOptions = true, description = "Show what is off, since when and why.")
  int list(@Mixin Deployment deployment) {
    Answer answer = deployment.ask(weir, "GET", "switches");
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    for (JsonNode off : answer.body().path("off")) {
      spec.commandLine()
          .getOut()
          .printf(
              "%s off since %s by %s: %s%n",
              off.path("switch").asText(),
              off.path("since").asText(),
              off.path("by").asText(),
              off.path("why").asText());
    }
    return 0;
  }
}
