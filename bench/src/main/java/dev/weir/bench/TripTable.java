package dev.weir.bench;

import dev.weir.bench.RoundTrips.Trips;

/** What capabilities add, in Markdown. */
final class TripTable {
  private final StringBuilder rows =
      new StringBuilder("| capability | without | with | adds |\n|---|--:|--:|--:|\n");

  void row(String capability, Trips without, Trips with) {
    rows.append(
        "| %s | %s | %s | %s |\n"
            .formatted(capability, without.text(), with.text(), with.beyond(without)));
  }

  String markdown() {
    return rows.toString();
  }
}
