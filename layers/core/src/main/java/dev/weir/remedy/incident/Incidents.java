package dev.weir.remedy.incident;

import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The incidents of one deployment. Faults of the store are thrown as the SDK's exceptions. */
public final class Incidents {

  private static final String KIND = "INCIDENT#";
  private static final String RECONCILED = "#reconciled#";
  private static final int DAY = 10;
  private static final Pattern ID = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[^#]+-[^#]+/[^#]+");

  private final RemediationTable table;

  public Incidents(RemediationTable table) {
    this.table = table;
  }

  /** Those whose event is of this UTC day, the oldest first. */
  public List<Incident> on(LocalDate day) {
    Map<String, List<Item>> byId =
        table.all(KIND + day).stream()
            .collect(
                Collectors.groupingBy(
                    item -> item.text("incident"), LinkedHashMap::new, Collectors.toList()));
    return byId.entrySet().stream().map(each -> incident(each.getKey(), each.getValue())).toList();
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
        items.stream()
            .sorted(Comparator.comparing(Incidents::place))
            .map(IncidentRow::read)
            .toList());
  }

  /**
   * Rows of one run stand together, in the order of its beginning; what the reconciler finds again
   * and again is one row, and stands where it was found last.
   */
  private static String place(Item row) {
    String key = row.text("sk");
    return key.contains(RECONCILED) ? row.text("incident") + "#" + row.text("at") : key;
  }
}
