package dev.weir.remedy.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.remedy.incident.Incident;
import dev.weir.remedy.incident.IncidentRow;

/** An incident from its event to its end on one page. */
public final class TimelinePage {

  private TimelinePage() {}

  public static Page of(Incident incident) {
    IncidentRow last = incident.last();
    StringBuilder html = new StringBuilder();
    html.append(
        Html.table(
            Html.row("Incident", incident.id())
                + Html.row("Set off by", incident.trigger())
                + Html.rich("Stands at", tag(last))
                + Html.row("Says", last.summary())
                + Html.row("Severity", last.severity())
                + Html.row("Gave way", gaveWay(incident))));
    String plan = "";
    for (IncidentRow row : incident.rows()) {
      html.append("<h2>%s %s</h2>\n".formatted(Html.text(row.at()), tag(row)));
      html.append(
          Html.table(
              Html.row("Says", row.summary())
                  + Html.row("By", row.by())
                  + Html.row("Attempt", row.attempt().equals("0") ? "" : row.attempt())
                  + Html.row("Mode", row.mode())
                  + Html.row("Error", row.cause())
                  + Html.row("Execution", row.execution())));
      if (!row.plan().isEmpty() && !row.plan().equals(plan)) {
        html.append(PlanHtml.of(PlanHtml.read(row.plan())));
      }
      plan = row.plan().isEmpty() ? plan : row.plan();
      JsonNode after = PlanHtml.read(row.after());
      if (!after.isEmpty()) {
        html.append("<h2>After</h2>\n").append(PlanHtml.value(after));
      }
    }
    return new Page(
        200,
        "%s of %s %s".formatted(incident.action(), incident.kind(), incident.name()),
        html.toString());
  }

  private static String gaveWay(Incident incident) {
    String runs = incident.suppressed() + (incident.suppressed() == 1 ? " run" : " runs");
    return incident.suppressed() == 0
        ? ""
        : incident.isMoreSuppressed()
            ? runs + " or more: the reconciler's reminders that end alike are one row"
            : runs;
  }

  private static String tag(IncidentRow row) {
    String kind =
        switch (row.outcome()) {
          case "SUCCEEDED", "APPROVED" -> "good";
          case "FAILED", "ROLLED_BACK", "ABANDONED", "ESCALATED", "CRASHED", "DENIED", "TOO_LATE" ->
              "bad";
          case "INTENT", "ASKED" -> "open";
          default -> "";
        };
    return "<span class=\"tag %s\">%s</span> %s"
        .formatted(kind, Html.text(row.outcome()), Html.text(row.reason()));
  }
}
