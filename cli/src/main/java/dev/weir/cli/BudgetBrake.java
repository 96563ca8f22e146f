package dev.weir.cli;

import dev.weir.remedy.incident.Incidents;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import dev.weir.store.Update;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The brake of the monthly budget: its row of the remediation table, and the rows of months. */
final class BudgetBrake {

  private static final String PARTITION = "BUDGET";
  private static final String BRAKE = "BRAKE";
  private static final String RESET = "RESET";

  private final RemediationTable table;
  private final Clock clock;

  BudgetBrake(RemediationTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * What the brake has done.
   *
   * @param phase {@code BRAKING}: not everything could be done, {@code ON}, or {@code RESET}
   * @param since when it was written last
   * @param turnedOff switches that were on before
   */
  record State(
      String phase,
      String since,
      String incident,
      List<String> turnedOff,
      List<String> stopped,
      List<String> parked) {}

  /** Empty if it has never been on. */
  Optional<State> find() {
    return item(BRAKE)
        .map(item ->
            new State(
                item.text("state"),
                item.text("at"),
                item.text("incident"),
                texts(item, "thrown"),
                texts(item, "stopped"),
                texts(item, "parked")));
  }

  /** What this month has cost, in percent of the budget; empty if nobody has added it up. */
  OptionalDouble percent() {
    return item(month())
        .map(item -> OptionalDouble.of(Double.parseDouble(value(item, "percent").n())))
        .orElseGet(OptionalDouble::empty);
  }

  /**
   * Takes it off until this month has cost so much, and writes an audit row with it; whether it was
   * still as it was found.
   *
   * @param percent of the budget
   */
  boolean reset(State found, int percent, String operator, String why) {
    Instant now = clock.instant();
    String summary =
        "%s takes the brake off until %d %% of the budget of %s: %s"
            .formatted(operator, percent, month(), why);
    Item row =
        Item.EMPTY
            .with("pk", "INCIDENT#" + found.incident().substring(0, 10))
            .with("sk", found.incident() + "#" + now + "#3-reset")
            .with("incident", found.incident())
            .with("action", "budget-guard")
            .with("kind", "budget")
            .with("name", found.incident().substring(found.incident().indexOf('/') + 1))
            .with("execution", "bin/weir")
            .with("at", now.toString())
            .with("outcome", RESET)
            .with("reason", "BUDGET_100")
            .with("severity", "LOW")
            .with("approvedBy", operator)
            .with("summary", summary);
    Update update = new Update();
    update.setAll(
        Item.EMPTY
            .with("state", RESET)
            .with("period", month())
            .with("allowed", percent)
            .with("resetBy", operator)
            .with("resetAt", now.toString())
            .with("why", why));
    update.require(update.name("state") + " = " + update.text(found.phase()));
    update.require(update.name("at") + " = " + update.text(found.since()));
    return table.change(PARTITION, BRAKE, update, row, Incidents.written(found.incident(), now));
  }

  private String month() {
    return YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString();
  }

  private Optional<Item> item(String name) {
    return table.find(PARTITION, name);
  }

  private static List<String> texts(Item item, String name) {
    return value(item, name).l().stream().map(AttributeValue::s).toList();
  }

  private static AttributeValue value(Item item, String name) {
    return item.attributes().getOrDefault(name, AttributeValue.fromL(List.of()));
  }
}
