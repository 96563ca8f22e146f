package dev.weir.remedy.incident;

import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The incidents of one deployment. Faults of the store are thrown as the SDK's exceptions. */
public final class Incidents {

  private static final String KIND = "INCIDENT#";
  private static final String INCIDENT = "incident";
  private static final String LOCK = "LOCK";

  /** Names of days and incidents, in the order in which they were written. */
  private static final String WRITTEN = "WRITTEN";

  /** As long as the rows. */
  private static final long KEPT_SECONDS = 34_560_000;

  private static final int DAY = 10;

  /** Of alarms with their time, of what is looked at daily with the day. */
  private static final Pattern ID = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T-][^#]+");

  private final RemediationTable table;

  public Incidents(RemediationTable table) {
    this.table = table;
  }

  /** That something of an incident was written on this day, whenever it began. */
  public static Item written(String incident, Instant at) {
    return Item.EMPTY
        .with("pk", WRITTEN)
        .with("sk", at.toString().substring(0, DAY) + "#" + incident)
        .with("incident", incident)
        .with("ttl", at.getEpochSecond() + KEPT_SECONDS);
  }

  /** Those of which something was written on this UTC day, the last written last. */
  public List<Incident> on(LocalDate day) {
    return found(day, day, table.all(WRITTEN, day + "#"), List.of());
  }

  /**
   * Those of which something was written on this UTC day or since, and those that are worked on,
   * the last written last. The clock that writes may be ahead of the caller's.
   *
   * @param today by the caller's clock
   */
  public List<Incident> since(LocalDate day, LocalDate today) {
    List<Item> written = table.from(WRITTEN, day.toString());
    List<Item> held =
        table.all(LOCK).stream().filter(lock -> lock.findText("owner").isPresent()).toList();
    LocalDate last =
        Stream.concat(
                written.stream().map(item -> item.text("sk")),
                held.stream().flatMap(lock -> lock.findText(INCIDENT).stream()))
            .map(name -> LocalDate.parse(name.substring(0, DAY)))
            .reduce(today, (one, other) -> one.isAfter(other) ? one : other);
    return found(day, last.plusDays(1), written, held);
  }

  /**
   * @param written what is known to have been written within the days
   * @param held locks of what is being done
   */
  private List<Incident> found(LocalDate from, LocalDate to, List<Item> written, List<Item> held) {
    Map<String, Incident> found = new LinkedHashMap<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      table.all(KIND + day).stream()
          .collect(
              Collectors.groupingBy(
                  item -> item.text(INCIDENT), LinkedHashMap::new, Collectors.toList()))
          .forEach((id, items) -> found.put(id, incident(id, items)));
    }
    found.values().removeIf(incident -> !incident.isWrittenBetween(from, to));
    Stream.concat(written.stream(), held.stream())
        .flatMap(item -> item.findText(INCIDENT).stream())
        .distinct()
        .filter(id -> !found.containsKey(id))
        .flatMap(id -> find(id).stream())
        .toList()
        .forEach(incident -> found.put(incident.id(), incident));
    return found.values().stream()
        .sorted(Comparator.comparing(incident -> incident.last().at()))
        .toList();
  }

  /** One incident, if there is one of this id. */
  public Optional<Incident> find(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    List<Item> items = table.all(KIND + id.substring(0, DAY), id + "#");
    return items.isEmpty() ? Optional.empty() : Optional.of(incident(id, items));
  }

  private static Incident incident(String id, List<Item> items) {
    Item first = items.getFirst();
    return new Incident(
        id,
        first.text("action"),
        first.text("kind"),
        first.findText("name").orElse(id.substring(id.indexOf('/') + 1)),
        RowOrder.of(items).stream().map(IncidentRow::read).toList());
  }
}
