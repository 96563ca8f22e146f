package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.cli.Deployment.Answer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir approvals}, {@code approve} and {@code deny}: plans that wait for somebody. */
final class ApprovalCommands {

  private ApprovalCommands() {}

  /** Lists what waits. */
  @Command(
      name = "approvals",
      mixinStandardHelpOptions = true,
      description = "Plans that wait for somebody to approve them, the first to expire first.")
  static final class ListOpen implements Callable<Integer> {

    @ParentCommand Weir weir = Weir.UNWIRED;

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin Deployment deployment = new Deployment();

    @Override
    public Integer call() {
      Answer answer = deployment.ask(weir, "GET", "remediation", "approvals");
      if (answer.isRefused()) {
        return deployment.refused(answer);
      }
      PrintWriter out = spec.commandLine().getOut();
      for (JsonNode row : answer.body().path("approvals")) {
        out.printf(
            "%s  %s of %s  %s  until %s%n    %s%n",
            row.path("id").asText(),
            row.path("action").asText(),
            row.path("target").asText(),
            row.path("severity").asText(),
            row.path("expiry").asText(),
            row.path("plan").path("summary").asText());
        PlanSteps.print(out, row.path("plan"));
      }
      return 0;
    }
  }

  /** What both decisions need. */
  abstract static class Decide implements Callable<Integer> {

    @ParentCommand Weir weir = Weir.UNWIRED;

    @Parameters(paramLabel = "ID", description = "The approval's id, as weir approvals lists it.")
    String id = "";

    @Option(names = "--comment", defaultValue = "", description = "Kept with the decision.")
    String comment = "";

    @Mixin Deployment deployment = new Deployment();

    final int decide(String decision, String done) {
      JsonNode body =
          JsonNodeFactory.instance.objectNode().put("decision", decision).put("comment", comment);
      return deployment.say(
          deployment.ask(weir, body, "POST", "remediation", "approvals", id), done);
    }
  }

  /** Says yes. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Approve a plan that waits; once.")
  static final class Approve extends Decide {
    @Override
    public Integer call() {
      return decide("approve", "approved");
    }
  }

  /** Says no. */
  @Command(
      name = "deny",
      mixinStandardHelpOptions = true,
      description = "Deny a plan that waits; once.")
  static final class Deny extends Decide {
    @Override
    public Integer call() {
      return decide("deny", "denied");
    }
  }
}
