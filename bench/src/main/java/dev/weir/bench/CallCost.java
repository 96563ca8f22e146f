package dev.weir.bench;

/**
 * What a million calls of one kind cost in USD, by part, without tokens, logs and transfer.
 *
 * @param apiGateway REST API requests
 * @param lambda requests and duration of the chat function
 * @param dynamoDb on-demand read and write request units
 */
record CallCost(double apiGateway, double lambda, double dynamoDb) {

  /** Millions of calls are meant throughout: prices per million units stay as they are. */
  private static final double CALLS = 1_000_000;

  /**
   * List prices in USD.
   *
   * @param restRequests per million requests of a REST API
   * @param lambdaRequests per million requests
   * @param gigabyteSecond per GB-second on x86
   * @param writeUnits per million write request units
   * @param readUnits per million read request units
   */
  record Prices(
      double restRequests,
      double lambdaRequests,
      double gigabyteSecond,
      double writeUnits,
      double readUnits) {

    /** us-east-1 on 2026-11-22; the pages are named in docs/cost.md. */
    static final Prices US_EAST_1 = new Prices(3.50, 0.20, 0.0000166667, 0.625, 0.125);
  }

  /**
   * Computes it.
   *
   * @param memoryMegabytes memory of the function
   * @param billedMillis billed duration of a call, rounded up to whole milliseconds as Lambda does
   */
  static CallCost of(
      Prices prices,
      int memoryMegabytes,
      double billedMillis,
      double writeUnits,
      double readUnits) {
    double gigabyteSeconds = memoryMegabytes / 1024.0 * Math.ceil(billedMillis) / 1000;
    return new CallCost(
        prices.restRequests(),
        prices.lambdaRequests() + CALLS * gigabyteSeconds * prices.gigabyteSecond(),
        prices.writeUnits() * writeUnits + prices.readUnits() * readUnits);
  }

  double total() {
    return apiGateway + lambda + dynamoDb;
  }
}
