package dev.weir.inference;

/** Where an answer comes from that no model was asked for. */
enum Kept {
  /** An equal request's, from the response cache. */
  CACHE("x-weir-cache", "hit", "cache_hit"),
  /** A similar request's, from the response cache. */
  SIMILAR("x-weir-cache", "similar", "similar_hit"),
  /** This very request's, by its idempotency key. */
  REPLAY("x-weir-idempotency", "replayed", "replayed");

  private final String header;
  private final String value;
  private final String outcome;

  Kept(String header, String value, String outcome) {
    this.header = header;
    this.value = value;
    this.outcome = outcome;
  }

  String header() {
    return header;
  }

  String value() {
    return value;
  }

  /** As the ledger and the log name it. */
  String outcome() {
    return outcome;
  }
}
