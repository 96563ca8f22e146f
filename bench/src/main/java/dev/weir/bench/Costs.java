package dev.weir.bench;

import static dev.weir.bench.Table.format;

import dev.weir.bench.CallCost.Prices;
import dev.weir.bench.StoreCounts.Counts;
import dev.weir.bench.StoreCounts.Kind;

/** The rows on DynamoDB and money. */
final class Costs {
  /** What a model is taken to need for an answer; Lambda bills the wait. */
  static final int MODEL_MILLIS = 2_000;

  private final Table table;
  private final Counts counts;

  Costs(Table table, Counts counts) {
    this.table = table;
    this.counts = counts;
  }

  void report() {
    trips("admitted", counts.admitted().store());
    trips("admitted, cacheable, not in the cache", counts.cacheMiss().store());
    trips("answered from the cache", counts.cacheHit().store());
    trips("refused by rate", counts.rateDenied());
    trips("refused by rate within a second of the last refusal", counts.rateDeniedAtOnce());
    trips("refused by budget", counts.budgetDenied());
    cost("admitted", counts.admitted(), MODEL_MILLIS);
    cost("admitted, cacheable, not in the cache", counts.cacheMiss(), MODEL_MILLIS);
    cost("answered from the cache", counts.cacheHit(), 0);
  }

  private void trips(String what, StoreTrips trips) {
    table.row("DynamoDB: " + what, "", trips.text(), "", "");
  }

  private void cost(String what, Kind kind, int modelMillis) {
    CallCost cost =
        CallCost.of(
            Prices.US_EAST_1,
            Stack.MEMORY_MEGABYTES,
            modelMillis + kind.billedMillis(),
            kind.store().writeUnits(),
            kind.store().readUnits());
    CallCost waiting = CallCost.of(Prices.US_EAST_1, Stack.MEMORY_MEGABYTES, modelMillis, 0, 0);
    table.row(
        "USD per million: " + what,
        "",
        format(
            "%.2f = API %.2f + Lambda %.2f + DynamoDB %.2f",
            cost.total(), cost.apiGateway(), cost.lambda(), cost.dynamoDb()),
        modelMillis == 0
            ? ""
            : format(
                "%.2f of it waits for the model",
                waiting.lambda() - Prices.US_EAST_1.lambdaRequests()),
        "");
  }
}
