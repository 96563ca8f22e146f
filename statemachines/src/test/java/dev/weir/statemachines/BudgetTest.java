package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class BudgetTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MONTH = Duration.ofDays(31);

  private final MonthlyBudget budget = new MonthlyBudget(new Rig(1));

  @TestFactory
  Stream<DynamicTest> every_story_ends_as_told() {
    return Story.tests(BudgetStories.all());
  }

  private List<String> told() {
    return budget.rig.account.outbox().messages().stream().map(Outbox.Message::subject).toList();
  }

  private List<String> changes() {
    return budget.rig.world.ledger().stream()
        .filter(entry -> entry.caller().startsWith("weir-act-"))
        .filter(Ledger.Entry::isDone)
        .map(entry -> entry.operation() + " " + entry.resource())
        .toList();
  }

  /** What was measured of the budget, in percent, oldest first. */
  private List<Double> measured() {
    return budget.rig.world.ledger().stream()
        .filter(entry -> entry.caller().startsWith("weir-spend/"))
        .map(entry -> entry.request().at("/MetricData/0/Value").asDouble())
        .toList();
  }

  @Test
  void half_and_four_fifths_are_told_once_and_change_nothing() {
    budget.training("spot", true, "dev").spend(26).pass(HOUR).spend(15).pass(HOUR);
    assertThat(told())
        .containsExactly(
            "Weir HIGH: escalate weir-rem-escalate-budget-50 ALARM",
            "Weir HIGH: escalate weir-rem-escalate-budget-80 ALARM");
    assertThat(changes()).isEmpty();
    assertThat(budget.switches()).isEmpty();
  }

  @Test
  void what_is_delayed_negative_or_set_back_tells_nobody_again() {
    budget.spend(26).pass(HOUR).spend(-20).pass(HOUR).spend(3).pass(HOUR);
    assertThat(budget.row("2026-03").at("/percent/N").asInt()).isEqualTo(52);
    budget.rig.cable.answer(
        "weir-spend",
        "ReadSpend",
        Rig.json("{'MetricDataResults':[{'Id':'spent','Values':[],'StatusCode':'Complete'}]}"));
    budget.pass(HOUR);
    assertThat(budget.row("2026-03").at("/percent/N").asInt()).isEqualTo(52);
    assertThat(measured()).hasSize(15).containsOnly(52.0);
    assertThat(told()).hasSize(1);
  }

  @Test
  void all_of_it_turns_off_stops_and_parks_what_is_declared_and_says_what() {
    budget
        .endpoint("chat-scratch", "dev")
        .endpoint("shop", "prod")
        .training("spot", true, "dev")
        .training("prod", true, "prod")
        .training("slow", false, "dev")
        .training("paused", true, "dev")
        .tagged("paused", "remediation:pause-until", "2099-01-01T00:00:00Z")
        .training("mistaken", true, "dev")
        .tagged("mistaken", "remediation:pause-until", "for ever")
        .training("over", true, "prod")
        .spend(51)
        .pass(HOUR);

    assertThat(changes()).containsExactly("StopTrainingJob spot", "DeleteEndpoint chat-scratch");
    JsonNode off = budget.switches();
    assertThat(off.at("/all/M/by/S").asText()).isEqualTo("budget-guard");
    assertThat(off.at("/model:nova-pro/M/why/S").asText()).contains("2026-03");
    assertThat(budget.row("BRAKE").at("/state/S").asText()).isEqualTo("ON");
    assertThat(budget.list("thrown")).containsExactly("model:nova-pro", "all");
    assertThat(budget.list("stopped")).containsExactly("spot");
    assertThat(budget.list("parked")).containsExactly("chat-scratch");
    assertThat(told()).contains("Weir: the monthly budget is used up, and the brake is on");
  }

  @Test
  void what_a_human_had_turned_off_keeps_its_reason_and_is_not_the_brakes() {
    budget.rig.turnedOff("all", "ann", "answers leak names");
    budget.spend(51).pass(HOUR);
    assertThat(budget.switches().at("/all/M/by/S").asText()).isEqualTo("ann");
    assertThat(budget.list("thrown")).containsExactly("model:nova-pro");
  }

  @Test
  void the_brake_stays_on_when_the_spend_is_set_back_and_in_the_next_month() {
    budget.spend(51).pass(HOUR).spend(-60).pass(MONTH);
    assertThat(budget.rig.time.instant().toString()).startsWith("2026-04");
    assertThat(budget.row("BRAKE").at("/state/S").asText()).isEqualTo("ON");
    assertThat(budget.switches().has("all")).isTrue();
    assertThat(told()).filteredOn(subject -> subject.contains("used up")).hasSize(1);
  }

  @Test
  void after_a_reset_in_an_earlier_month_it_brakes_in_the_next() {
    budget.spend(51).pass(HOUR).reset(1000).pass(MONTH).spend(51).pass(HOUR);
    assertThat(budget.rig.outcomes()).containsSubsequence("SUCCEEDED(BRAKED)", "SUCCEEDED(BRAKED)");
  }

  @Test
  void one_job_that_cannot_be_stopped_is_named_and_the_rest_is_done() {
    budget.endpoint("chat-scratch", "dev").training("a", true, "dev").training("b", true, "dev");
    budget.rig.world.add(new Fault(CallFault.ACCESS_DENIED, "StopTrainingJob", "a"));
    budget.spend(51).pass(HOUR);

    assertThat(budget.rig.outcomes()).contains("FAILED(PARTIAL)");
    assertThat(budget.status("b")).isNotEqualTo("InProgress");
    assertThat(budget.switches().has("all")).isTrue();
    assertThat(changes()).contains("DeleteEndpoint chat-scratch");
    assertThat(budget.row("BRAKE").at("/state/S").asText()).isEqualTo("BRAKING");
    assertThat(budget.rig.account.outbox().messages())
        .anyMatch(message -> message.text().contains("Not reached: training job a"));
  }

  @Test
  void what_was_not_reached_is_tried_again_when_the_reconciler_reminds() {
    budget.training("a", true, "dev").training("b", true, "dev");
    budget.rig.world.add(new Fault(CallFault.ACCESS_DENIED, "StopTrainingJob", "a").times(3));
    budget.rig.reconcileEvery(Duration.ofMinutes(5));
    budget.spend(51).pass(HOUR);
    assertThat(budget.rig.outcomes()).contains("FAILED(PARTIAL)", "SUCCEEDED(BRAKED)");
    assertThat(budget.list("stopped")).containsExactly("b", "a");
  }

  @Test
  void a_switch_that_cannot_be_turned_off_is_critical_and_the_rest_is_done() {
    budget.training("spot", true, "dev");
    budget.rig.cable.fail(
        "weir-act-budget-guard", "TurnOff", Integer.MAX_VALUE, "DynamoDb.DynamoDbException", "no");
    budget.spend(51).pass(HOUR);
    assertThat(budget.rig.outcomes()).contains("FAILED(SWITCH_UNWRITABLE)");
    assertThat(budget.status("spot")).isNotEqualTo("InProgress");
    assertThat(told()).contains("Weir CRITICAL: budget-guard weir SWITCH_UNWRITABLE");
  }

  @Test
  void a_dry_run_says_what_it_would_stop_and_changes_nothing() {
    budget.rig.mode("budget-guard", "dry-run");
    budget.training("spot", true, "dev").spend(51).pass(HOUR);
    assertThat(budget.rig.outcomes()).containsOnly("ESCALATED(ALARM)", "PLANNED(DRY_RUN)");
    assertThat(budget.rig.rows().getLast().at("/plan/S").asText()).contains("\"spot\"");
    assertThat(changes()).isEmpty();
    assertThat(budget.switches()).isEmpty();
  }
}
