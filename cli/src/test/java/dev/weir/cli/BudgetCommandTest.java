package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.remedy.incident.Incident;
import dev.weir.remedy.incident.Incidents;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import dev.weir.store.SwitchTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BudgetCommandTest {

  private static final String INCIDENT = "2026-11-20T10:00:00Z-budget-guard-budget/weir";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  private final InMemoryDynamo dynamo = new InMemoryDynamo(CLOCK);
  private final SwitchTable switches = new SwitchTable(dynamo, "tenants");
  private final StringWriter out = new StringWriter();

  private int budget(String... arguments) {
    List<String> all = new ArrayList<>(List.of("budget"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--remediation", "remediation"));
    if (all.contains("reset")) {
      all.addAll(List.of("--why", "raised", "--table", "tenants", "--ledger", "ledger"));
      all.addAll(List.of("--operator", "ann", "--catalog", "../layers/catalog/catalog"));
    }
    CommandLine line =
        Weir.commandLine(
            () -> dynamo,
            url -> {
              throw new AssertionError("no routes here");
            },
            () -> {
              throw new AssertionError("no machines here");
            },
            CLOCK,
            new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    return line.execute(all.toArray(String[]::new));
  }

  private static AttributeValue list(String... texts) {
    return AttributeValue.fromL(List.of(texts).stream().map(AttributeValue::fromS).toList());
  }

  private void braked() {
    dynamo.putItem(put ->
        put.tableName("remediation")
            .item(
                Map.of(
                    "pk", AttributeValue.fromS("BUDGET"),
                    "sk", AttributeValue.fromS("BRAKE"),
                    "state", AttributeValue.fromS("ON"),
                    "at", AttributeValue.fromS("2026-11-20T10:00:05Z"),
                    "incident", AttributeValue.fromS(INCIDENT),
                    "thrown", list("model:nova-pro", "all"),
                    "stopped", list("spot-1"),
                    "parked", list())));
    dynamo.putItem(put ->
        put.tableName("remediation")
            .item(
                Map.of(
                    "pk", AttributeValue.fromS("BUDGET"),
                    "sk", AttributeValue.fromS("2026-11"),
                    "percent", AttributeValue.fromN("102.5"))));
    turnedOff("all", "budget-guard");
    turnedOff("model:nova-pro", "ann");
  }

  private void turnedOff(String name, String by) {
    switches.turnOff(name, Item.EMPTY.with("at", 1).with("by", by).with("why", "w"));
  }

  private Item brake() {
    return new RemediationTable(dynamo, "remediation").find("BUDGET", "BRAKE").orElseThrow();
  }

  @Test
  void what_the_brake_has_done_is_shown() {
    assertThat(budget("show")).isZero();
    assertThat(out.toString()).contains("nobody has added up", "the brake has never been on");
    braked();
    assertThat(budget("show")).isZero();
    assertThat(out.toString())
        .contains(
            "102.5 % of this month's budget",
            "the brake is ON since 2026-11-20T10:00:05Z",
            "turned off: model:nova-pro, all",
            "training jobs stopped: spot-1",
            "endpoints asked to park: none");
  }

  @Test
  void a_reset_turns_on_what_the_brake_alone_has_turned_off_and_is_audited() {
    braked();
    assertThat(budget("reset", "--until", "150")).as(out.toString()).isZero();

    assertThat(out.toString()).contains("the brake is RESET, it was ON since 2026-11-20T10:00:05Z");
    assertThat(switches.off(Duration.ofSeconds(1))).containsOnlyKeys("model:nova-pro");
    assertThat(brake().text("state")).isEqualTo("RESET");
    assertThat(brake().number("allowed")).isEqualTo(150);
    assertThat(brake().text("period")).isEqualTo("2026-11");
    Item row =
        new RemediationTable(dynamo, "remediation")
            .find("INCIDENT#2026-11-20", INCIDENT + "#2026-11-22T12:00:00Z#3-reset")
            .orElseThrow();
    assertThat(row.text("outcome")).isEqualTo("RESET");
    assertThat(row.text("name")).isEqualTo("weir");
    assertThat(
            new Incidents(new RemediationTable(dynamo, "remediation"))
                .on(LocalDate.parse("2026-11-22")))
        .extracting(Incident::id)
        .containsExactly(INCIDENT);
    assertThat(row.text("summary"))
        .isEqualTo("ann takes the brake off until 150 % of the budget of 2026-11: raised");
  }

  @Test
  void a_reset_that_would_not_last_is_refused() {
    braked();
    assertThat(budget("reset", "--until", "102")).isEqualTo(2);
    assertThat(out.toString()).contains("The month is at 102.5 %: --until must be above that.");
    assertThat(brake().text("state")).isEqualTo("ON");
  }

  @Test
  void a_brake_that_was_never_on_cannot_be_taken_off() {
    assertThat(budget("reset", "--until", "150")).isOne();
    assertThat(out.toString()).contains("weir: the brake has never been on");
  }

  @Test
  void a_brake_that_has_moved_since_it_was_looked_at_is_not_taken_off() {
    braked();
    RemediationTable table = new RemediationTable(dynamo, "remediation");
    BudgetBrake brake = new BudgetBrake(table, CLOCK);
    BudgetBrake.State before = brake.find().orElseThrow();
    assertThat(brake.reset(before, 150, "ann", "raised")).isTrue();

    assertThat(brake.reset(before, 200, "bob", "raised")).isFalse();

    assertThat(brake().number("allowed")).isEqualTo(150);
    assertThat(table.all("INCIDENT#2026-11-20")).hasSize(1);
  }

  @Test
  void a_reset_that_broke_off_can_be_done_again() {
    braked();
    budget("reset", "--until", "150");
    turnedOff("all", "budget-guard");
    assertThat(budget("reset", "--until", "160")).isZero();
    assertThat(switches.off(Duration.ofSeconds(1))).containsOnlyKeys("model:nova-pro");
    assertThat(brake().number("allowed")).isEqualTo(160);
  }
}
