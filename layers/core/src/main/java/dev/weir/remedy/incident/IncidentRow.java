package dev.weir.remedy.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.store.Item;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that was decided, done or found. Texts are empty where nothing was said.
 *
 * @param at as the machine wrote it, ISO 8601
 * @param again whether the reconciler's later reminders that end so are written over this one: how
 *     many there were is not kept
 * @param outcome {@code ASKED}, {@code APPROVED}, {@code DENIED}, {@code TOO_LATE}, {@code INTENT},
 *     or how a run ended
 * @param by who approved or decided
 * @param trigger what set the run off: the event's type, its alarm and why it is on
 * @param plan JSON
 * @param after JSON: what was there afterwards
 * @param cause JSON: the error that ended it
 */
public record IncidentRow(
    String at,
    String outcome,
    String reason,
    String severity,
    String summary,
    String by,
    String mode,
    String attempt,
    String execution,
    String trigger,
    String plan,
    String after,
    String cause,
    boolean again) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTHING = "{}";
  private static final String RECONCILED = "#reconciled#";

  static IncidentRow read(Item item) {
    String by = text(item, "by");
    return new IncidentRow(
        text(item, "at"),
        text(item, "outcome"),
        text(item, "reason"),
        text(item, "severity"),
        text(item, "summary"),
        by.isEmpty() ? text(item, "approvedBy") : by,
        text(item, "mode"),
        item.findNumber("attempt").stream().mapToObj(Long::toString).findFirst().orElse(""),
        text(item, "execution"),
        trigger(text(item, "event")),
        json(item, "plan"),
        json(item, "after"),
        json(item, "cause"),
        isAgain(item));
  }

  static boolean isAgain(Item item) {
    return item.text("sk").contains(RECONCILED);
  }

  private static String trigger(String event) {
    if (event.isEmpty()) {
      return "";
    }
    JsonNode read;
    try {
      read = JSON.readTree(event);
    } catch (JsonProcessingException e) {
      return "";
    }
    return Stream.of("/detail-type", "/detail/alarmName", "/detail/state/reason")
        .map(path -> read.at(path).asText())
        .filter(said -> !said.isEmpty())
        .collect(Collectors.joining(": "));
  }

  private static String text(Item item, String name) {
    return item.findText(name).orElse("");
  }

  private static String json(Item item, String name) {
    String json = text(item, name);
    return json.equals(NOTHING) ? "" : json;
  }

  /** A run that nobody waits for: one that was approved has ended so. */
  boolean gaveWay() {
    return outcome.equals("SUPPRESSED") && by.isEmpty();
  }
}
