package dev.weir.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.approval.Question;
import dev.weir.remedy.incident.Incident;
import dev.weir.remedy.incident.IncidentRow;
import dev.weir.remedy.rule.Bound;
import dev.weir.remedy.rule.Rules;
import dev.weir.store.Item;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What the admin API shows of remediation, as JSON. */
final class RemediationJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String COOLDOWN = "cooldown:";
  private static final String STARTS = "starts:";
  private static final long HOUR = 3600;

  private RemediationJson() {}

  /** Modes, limits and what is in flight. */
  static ObjectNode status(List<Item> rows, List<Item> fleets, Instant now) {
    ObjectNode json = Json.object();
    Optional<Item> all = rows.stream().filter(row -> row.text("sk").equals(Rules.ALL)).findFirst();
    json.put("mode", all.flatMap(row -> row.findText("mode")).orElse("off"));
    json.put(
        "freezeUntil",
        all.flatMap(Rules::freeze).filter(now::isBefore).map(Instant::toString).orElse(null));
    ArrayNode actions = json.putArray("actions");
    for (Item row : rows) {
      if (!row.text("sk").equals(Rules.ALL)) {
        ObjectNode limits =
            actions
                .addObject()
                .put("action", row.text("sk"))
                .put("mode", row.findText("mode").orElse("off"))
                .putObject("limits");
        for (Bound bound : Bound.values()) {
          row.findNumber(bound.text()).ifPresent(value -> limits.put(bound.text(), value));
        }
      }
    }
    ArrayNode kinds = json.putArray("fleets");
    for (Item fleet : fleets) {
      ObjectNode kind = kinds.addObject().put("kind", fleet.text("sk"));
      ArrayNode inFlight = kind.putArray("inFlight");
      Item running = fleet.map("inFlight");
      running.names().stream()
          .map(running::map)
          .filter(run -> run.findNumber("until").orElse(0) > now.getEpochSecond())
          .map(run -> run.text("name"))
          .sorted()
          .forEach(inFlight::add);
      ObjectNode starts = kind.putObject("startsWithinHour");
      for (String name : new TreeSet<>(fleet.names())) {
        long count = name.startsWith(STARTS) ? startsWithinHour(fleet.numbers(name), now) : 0;
        if (count > 0) {
          starts.put(name.substring(STARTS.length()), count);
        }
      }
      kind.put("stormUntil", later(fleet, "stormUntil", now).orElse(null));
    }
    return json;
  }

  /** As the guard counts them. */
  private static long startsWithinHour(List<Long> starts, Instant now) {
    return starts.stream().filter(start -> start > now.getEpochSecond() - HOUR).count();
  }

  /** Locks that are held, and targets that cool down. */
  static ObjectNode locks(List<Item> locks, Instant now) {
    ObjectNode json = Json.object();
    ArrayNode rows = json.putArray("locks");
    for (Item lock : locks) {
      ObjectNode row = rows.addObject().put("target", lock.text("sk"));
      Optional<String> until = later(lock, "leaseUntil", now);
      boolean isHeld = until.isPresent() && lock.findText("owner").isPresent();
      row.put("held", isHeld);
      row.put("leaseUntil", isHeld ? until.get() : null);
      row.put("action", isHeld ? lock.findText("action").orElse("") : null);
      row.put("incident", isHeld ? lock.findText("incident").orElse("") : null);
      ObjectNode cooling = row.putObject("coolingUntil");
      lock.names().stream()
          .filter(name -> name.startsWith(COOLDOWN))
          .sorted()
          .forEach(name ->
              later(lock, name, now)
                  .ifPresent(end -> cooling.put(name.substring(COOLDOWN.length()), end)));
    }
    return json;
  }

  private static Optional<String> later(Item item, String name, Instant now) {
    return item.findNumber(name).stream()
        .mapToObj(Instant::ofEpochSecond)
        .filter(now::isBefore)
        .map(Instant::toString)
        .findFirst();
  }

  static ObjectNode incidents(List<Incident> incidents) {
    ObjectNode json = Json.object();
    ArrayNode rows = json.putArray("incidents");
    incidents.forEach(incident -> rows.add(summary(incident)));
    return json;
  }

  static ObjectNode incident(Incident incident) {
    ObjectNode json = summary(incident).put("trigger", incident.trigger());
    ArrayNode rows = json.putArray("rows");
    for (IncidentRow row : incident.rows()) {
      ObjectNode one =
          rows.addObject()
              .put("at", row.at())
              .put("outcome", row.outcome())
              .put("reason", row.reason())
              .put("severity", row.severity())
              .put("summary", row.summary())
              .put("by", row.by())
              .put("mode", row.mode())
              .put("attempt", row.attempt())
              .put("execution", row.execution());
      one.set("plan", parsed(row.plan()));
      one.set("after", parsed(row.after()));
      one.set("cause", parsed(row.cause()));
    }
    return json;
  }

  private static ObjectNode summary(Incident incident) {
    IncidentRow last = incident.last();
    return Json.object()
        .put("id", incident.id())
        .put("action", incident.action())
        .put("target", incident.kind() + "/" + incident.name())
        .put("outcome", last.outcome())
        .put("reason", last.reason())
        .put("severity", last.severity())
        .put("at", last.at())
        .put("suppressed", incident.suppressed())
        .put("more_suppressed", incident.isMoreSuppressed());
  }

  static ObjectNode approvals(List<Question> questions) {
    ObjectNode json = Json.object();
    ArrayNode rows = json.putArray("approvals");
    for (Question question : questions) {
      rows.addObject()
          .put("id", question.id())
          .put("action", question.action())
          .put("target", question.kind() + "/" + question.name())
          .put("severity", question.severity())
          .put("requestedBy", question.requestedBy().orElse(null))
          .put("askedAt", question.askedAt().toString())
          .put("expiry", question.expiry().toString())
          .put("incident", question.incident())
          .set("plan", parsed(question.plan()));
    }
    return json;
  }

  private static JsonNode parsed(String json) {
    try {
      return json.isEmpty() ? NullNode.getInstance() : MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return NullNode.getInstance();
    }
  }
}
