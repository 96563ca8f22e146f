package dev.weir.cli;

import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The brake of the monthly budget: its row of the remediation table, and the rows of months. */
final class BudgetBrake {

  private static final String PARTITION = "BUDGET";
  private static final String BRAKE = "BRAKE";
  private static final String RESET = "RESET";

  private final DynamoDbClient dynamo;
  private final String table;
  private final Clock clock;

  BudgetBrake(DynamoDbClient dynamo, String table, Clock clock) {
    this.dynamo = dynamo;
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
   * Takes it off until this month has cost so much, and writes an audit row, in one transaction.
   *
   * @param percent of the budget
   * @throws software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException when the
   *     brake has moved since
   */
  void reset(State found, int percent, String operator, String why) {
    Instant now = clock.instant();
    String summary =
        "%s takes the brake off until %d %% of the budget of %s: %s"
            .formatted(operator, percent, month(), why);
    Map<String, AttributeValue> row =
        Map.ofEntries(
            text("pk", "INCIDENT#" + found.incident().substring(0, 10)),
            text("sk", found.incident() + "#" + now + "#3-reset"),
            text("incident", found.incident()),
            text("action", "budget-guard"),
            text("kind", "budget"),
            text("execution", "bin/weir"),
            text("at", now.toString()),
            text("outcome", RESET),
            text("reason", "BUDGET_100"),
            text("severity", "LOW"),
            text("approvedBy", operator),
            text("summary", summary));
    dynamo.transactWriteItems(write ->
        write.transactItems(
            item ->
                item.update(update ->
                    update
                        .tableName(table)
                        .key(key(BRAKE))
                        .updateExpression(
                            "SET #state = :reset, #period = :period, allowed = :allowed,"
                                + " resetBy = :by, resetAt = :at, #why = :why")
                        .conditionExpression("#state = :before AND #at = :since")
                        .expressionAttributeNames(
                            Map.of(
                                "#state", "state", "#period", "period", "#at", "at", "#why", "why"))
                        .expressionAttributeValues(
                            Map.ofEntries(
                                text(":reset", RESET),
                                text(":period", month()),
                                Map.entry(
                                    ":allowed", AttributeValue.fromN(Integer.toString(percent))),
                                text(":by", operator),
                                text(":at", now.toString()),
                                text(":why", why),
                                text(":before", found.phase()),
                                text(":since", found.since())))),
            item -> item.put(put -> put.tableName(table).item(row))));
  }

  private String month() {
    return YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString();
  }

  private Optional<Item> item(String name) {
    return new RemediationTable(dynamo, table).find(PARTITION, name);
  }

  private static List<String> texts(Item item, String name) {
    return value(item, name).l().stream().map(AttributeValue::s).toList();
  }

  private static AttributeValue value(Item item, String name) {
    return item.attributes().getOrDefault(name, AttributeValue.fromL(List.of()));
  }

  private static Map<String, AttributeValue> key(String name) {
    return Map.ofEntries(text("pk", PARTITION), text("sk", name));
  }

  private static Map.Entry<String, AttributeValue> text(String name, String value) {
    return Map.entry(name, AttributeValue.fromS(value));
  }
}
