package dev.weir.remedy.incident;

import java.time.LocalDate;
import java.util.List;

/**
 * Everything that came of one event.
 *
 * @param id the event's time, the action and the target
 * @param kind what the target is
 * @param name the target's
 * @param rows in the order in which things happened; never empty
 */
public record Incident(String id, String action, String kind, String name, List<IncidentRow> rows) {

  public Incident {
    rows = List.copyOf(rows);
  }

  /** Where it stands: the last row that is not about a run that gave way. */
  public IncidentRow last() {
    return rows.reversed().stream()
        .filter(row -> !row.gaveWay())
        .findFirst()
        .orElseGet(rows::getLast);
  }

  /** What set it off first, or nothing if no row says so. */
  public String trigger() {
    return rows.stream()
        .map(IncidentRow::trigger)
        .filter(said -> !said.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Rows of runs that gave way to another, or found that there was nothing to do. */
  public long suppressed() {
    return rows.stream().filter(IncidentRow::gaveWay).count();
  }

  /** Whether there may be more of them: equal reminders of the reconciler are one row. */
  public boolean isMoreSuppressed() {
    return rows.stream().anyMatch(row -> row.gaveWay() && row.again());
  }

  /** Whether a row is of these UTC days. */
  boolean isWrittenBetween(LocalDate from, LocalDate to) {
    return rows.stream()
        .map(IncidentRow::at)
        .anyMatch(at ->
            at.compareTo(from.toString()) >= 0 && at.compareTo(to.plusDays(1).toString()) < 0);
  }
}
