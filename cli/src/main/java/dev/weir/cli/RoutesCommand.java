package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.Deployment.Answer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir routes}: the models there are, where they are asked, at which price. */
@Command(
    name = "routes",
    mixinStandardHelpOptions = true,
    description = "The models, their targets in order, prices in pico-USD a token, and guards.")
final class RoutesCommand implements Callable<Integer> {

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin Deployment deployment = new Deployment();

  @Override
  public Integer call() {
    Answer answer = deployment.ask(weir, "GET", "routes");
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    for (JsonNode route : answer.body().path("routes")) {
      for (JsonNode target : route.path("targets")) {
        spec.commandLine()
            .getOut()
            .printf(
                "%-24s %-14s %-50s %-18s %9d %9d %s%n",
                route.path("model").asText(),
                target.path("step").asText(),
                target.path("id").asText(),
                target.path("kind").asText(),
                target.path("price").path("inputPicoUsd").asLong(),
                target.path("price").path("outputPicoUsd").asLong(),
                route.path("guard").asText());
      }
    }
    return 0;
  }
}
