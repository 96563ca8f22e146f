package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.Deployment.Answer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir budget …}: the brake of the monthly budget. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description = "Show the brake of the monthly budget, and take it off.")
final class BudgetCommand {

  private static final String BRAKE = "budget-guard";

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Show what it has stopped, and why.")
  int show(@Mixin Deployment deployment) {
    BudgetBrake brake = weir.budgetBrake(deployment);
    OptionalDouble percent = brake.percent();
    out()
        .println(
            percent.isPresent()
                ? "%s %% of this month's budget".formatted(percent.getAsDouble())
                : "nobody has added up this month's cost yet");
    brake
        .find()
        .ifPresentOrElse(
            state ->
                print(state, state.phase().equals("RESET") ? "RESET, it was ON" : state.phase()),
            () -> out().println("the brake has never been on"));
    return 0;
  }

  private void print(BudgetBrake.State state, String phase) {
    out().printf("the brake is %s since %s%n", phase, state.since());
    print("turned off", state.turnedOff());
    print("training jobs stopped", state.stopped());
    print("endpoints asked to park", state.parked());
  }

  private void print(String what, List<String> names) {
    out().printf("  %s: %s%n", what, names.isEmpty() ? "none" : String.join(", ", names));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Take the brake off and turn on what it turned off. Jobs and endpoints stay as they are.")
  int reset(
      @Option(
              names = "--until",
              required = true,
              paramLabel = "PERCENT",
              description = "Of this month's budget: from there on it brakes again.")
          int until,
      @Option(names = "--why", required = true, description = "For the audit row.") String why,
      @Mixin Deployment deployment) {
    BudgetBrake brake = weir.budgetBrake(deployment);
    double now = brake.percent().orElse(0);
    if (until <= now) {
      throw new ParameterException(
          spec.commandLine(), "The month is at %s %%: --until must be above that.".formatted(now));
    }
    Optional<BudgetBrake.State> found = brake.find();
    if (found.isEmpty()) {
      return failed("the brake has never been on");
    }
    BudgetBrake.State state = found.get();
    // First the row, so that the brake does not see its switches on and turns them off again.
    if (!brake.reset(state, until, deployment.operator, why)) {
      return failed("the brake has moved meanwhile: look at it and try again");
    }
    int status = turnOn(state.turnedOff(), deployment);
    if (status == 0) {
      print(state, "RESET, it was ON");
      out().printf("now it is off, until %d %%%n", until);
    }
    return status;
  }

  /** Turns on what is still off by the brake; what somebody else has turned off stays off. */
  private int turnOn(List<String> switches, Deployment deployment) {
    Answer off = deployment.ask(weir, "GET", "switches");
    if (off.isRefused()) {
      return deployment.refused(off);
    }
    for (JsonNode each : off.body().path("off")) {
      String name = each.path("switch").asText();
      if (switches.contains(name) && each.path("by").asText().equals(BRAKE)) {
        Answer answer = deployment.ask(weir, "DELETE", "switches", name);
        if (answer.isRefused()) {
          return deployment.refused(answer);
        }
      }
    }
    return 0;
  }

  private int failed(String why) {
    spec.commandLine().getErr().println("weir: " + why);
    return 1;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
