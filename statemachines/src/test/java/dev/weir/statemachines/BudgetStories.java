package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A month's money is used up. */
final class BudgetStories {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String ACT = "weir-act-budget-guard";
  private static final String INTENT = "INTENT(BUDGET_100)";
  private static final String PARKED = "SUCCEEDED(PARKED)";
  private static final String BRAKED = "SUCCEEDED(BRAKED)";

  private BudgetStories() {}

  static Stream<Story> all() {
    return Stream.of(
        told("half of the budget", budget -> budget.spend(26)),
        told("nothing to stop", budget -> budget.spend(51), INTENT, BRAKED),
        told(
            "all there is to stop",
            budget -> running(budget).spend(51),
            INTENT,
            "INTENT(BUDGET)",
            PARKED,
            BRAKED),
        told(
            "too much to stop at once",
            budget -> {
              IntStream.range(0, 101).forEach(i -> budget.training("spot-" + i, true, "dev"));
              IntStream.range(0, 101)
                  .forEach(i ->
                      budget.rig.world.put(
                          Kind.ENDPOINT, "prod-" + i, Rig.json("{'EndpointStatus':'InService'}")));
              budget.spend(51);
            },
            INTENT,
            "FAILED(PARTIAL)"),
        told(
            "reset, and spent on",
            budget -> reminded(budget).spend(51).pass(HOUR).reset(150).spend(10),
            INTENT,
            BRAKED,
            "SUPPRESSED(COOLDOWN)",
            "SUPPRESSED(BRAKE_ON)",
            "SUPPRESSED(RESET)"),
        told(
            "on again in the same month",
            budget -> reminded(budget).spend(51).pass(HOUR).reset(110).spend(10),
            INTENT,
            BRAKED,
            "SUPPRESSED(COOLDOWN)",
            "SUPPRESSED(BRAKE_ON)",
            INTENT,
            BRAKED),
        told(
            "a job ends by itself",
            budget -> {
              running(budget).spend(51);
              budget.rig.cable.fail(
                  ACT, "LookAtJob", 1, "SageMaker.SageMakerException", "Could not find it");
            },
            INTENT,
            "INTENT(BUDGET)",
            PARKED,
            BRAKED),
        told(
            "a job that cannot be stopped",
            budget -> {
              running(budget).spend(51);
              budget.rig.world.add(new Fault(CallFault.ACCESS_DENIED, "StopTrainingJob", "spot"));
            },
            INTENT,
            "INTENT(BUDGET)",
            PARKED,
            "FAILED(PARTIAL)"),
        told(
            "switched off for all while it acts",
            budget -> cancelled(running(budget).spend(51), "None, ConditionalCheckFailed, None"),
            INTENT,
            "FAILED(SWITCHED_OFF)"),
        told(
            "its lease is lost",
            budget -> cancelled(running(budget).spend(51), "ConditionalCheckFailed, None, None"),
            INTENT,
            "ABANDONED(LEASE_LOST)"));
  }

  /** Its next heartbeat is refused for these reasons. */
  private static void cancelled(MonthlyBudget budget, String reasons) {
    budget.rig.cable.fail(
        ACT,
        "Beat",
        1,
        "DynamoDb.TransactionCanceledException",
        "Transaction cancelled [" + reasons + "]");
  }

  private static MonthlyBudget running(MonthlyBudget budget) {
    return budget
        .endpoint("chat-scratch", "dev")
        .endpoint("shop", "prod")
        .training("spot", true, "dev")
        .training("spot-prod", true, "prod")
        .training("on-demand", false, "dev");
  }

  private static MonthlyBudget reminded(MonthlyBudget budget) {
    budget.rig.reconcileEvery(Duration.ofMinutes(5));
    return budget;
  }

  private static Story told(String name, Consumer<MonthlyBudget> told, String... rows) {
    return new Story(name, HOUR, rig -> told.accept(new MonthlyBudget(rig)), List.of(rows));
  }
}
