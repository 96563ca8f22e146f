package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bench.RoundTrips.Trips;
import org.junit.jupiter.api.Test;

class TripTableTest {

  @Test
  void what_a_capability_adds_is_told_by_service() {
    TripTable table = new TripTable();

    table.row("guards", new Trips(3, 3, 1), new Trips(3, 3, 3));

    assertThat(table.markdown()).endsWith("| guards | 3 + 1 | 3 + 3 | 0, +2 |\n");
  }

  @Test
  void a_request_for_several_items_says_how_many() {
    TripTable table = new TripTable();

    table.row("vectors", new Trips(3, 3, 1), new Trips(5, 11, 1));

    assertThat(table.markdown())
        .endsWith("| vectors | 3 + 1 | 5 (11 items) + 1 | +2 (8 items), 0 |\n");
  }

  @Test
  void what_a_capability_saves_is_told_too() {
    TripTable table = new TripTable();

    table.row("a hit", new Trips(3, 3, 1), new Trips(3, 3, 0));

    assertThat(table.markdown()).endsWith("| a hit | 3 + 1 | 3 + 0 | 0, -1 |\n");
  }
}
