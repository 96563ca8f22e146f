package dev.weir.remedy.incident;

import dev.weir.store.Item;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An incident's rows in the order in which things happened. Several clocks write them: rows of one
 * run stand in the order of its steps, none before the run began; otherwise their times decide.
 */
final class RowOrder {

  private final Map<String, Instant> reached = new HashMap<>();

  private record Placed(Instant at, Item row) {}

  private RowOrder() {}

  static List<Item> of(List<Item> rows) {
    RowOrder order = new RowOrder();
    return rows.stream()
        .sorted(Comparator.comparing(RowOrder::name))
        .map(order::place)
        .sorted(Comparator.comparing(Placed::at))
        .map(Placed::row)
        .toList();
  }

  /** Called in the order of names: a run's begin, its id and its step. */
  private Placed place(Item row) {
    Instant at = row.findText("at").flatMap(RowOrder::instant).orElse(Instant.MIN);
    String[] parts = name(row).split("#");
    Optional<Instant> begun = instant(parts[0]);
    if (begun.isEmpty() || parts.length < 3) {
      return new Placed(at, row);
    }
    Instant earliest = reached.getOrDefault(parts[0] + parts[1], begun.get());
    Instant placed = at.isAfter(earliest) ? at : earliest;
    reached.put(parts[0] + parts[1], placed);
    return new Placed(placed, row);
  }

  /** What stands after the incident's id. */
  private static String name(Item row) {
    String incident = row.text("incident") + "#";
    String name = row.text("sk");
    return name.startsWith(incident) ? name.substring(incident.length()) : name;
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
