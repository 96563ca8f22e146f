package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** The calls of a plan, one in a line. */
final class PlanSteps {

  private PlanSteps() {}

  static void print(PrintWriter out, JsonNode plan) {
    plan.path("steps")
        .forEach(
            step -> out.printf("    %s %s%n", step.path("api").asText(), step.path("arguments")));
  }
}
