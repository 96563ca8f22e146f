package dev.weir.admin;

import dev.weir.api.Fields;
import dev.weir.audit.AuditEntry;
import dev.weir.remedy.approval.Answered;
import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.remedy.incident.Incidents;
import dev.weir.remedy.page.ApprovalPage;
import dev.weir.remedy.page.TimelinePage;
import dev.weir.remedy.rule.Kinds;
import dev.weir.remedy.rule.Rules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The routes below {@code remediation}. Thread-safe. */
final class RemediationApi {

  /** What a path names all actions by. */
  private static final String ALL = "all";

  private static final int MOST_DAYS = 31;
  private static final Duration LONGEST_FREEZE = Duration.ofDays(366);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,255}");

  private final RemediationRoom room;
  private final Rules rules;
  private final Incidents incidents;
  private final Changes changes;
  private final InstantSource clock;

  RemediationApi(RemediationRoom room, Changes changes, InstantSource clock) {
    this.room = room;
    this.rules = new Rules(room.table());
    this.incidents = new Incidents(room.table());
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * Carries out one request.
   *
   * @param request its path begins behind {@code remediation}
   * @throws dev.weir.api.Refused naming the field and what is allowed
   */
  Result execute(AdminRequest request, Caller caller) {
    Parameters query = new Parameters(request.query());
    return switch (request.route()) {
      case "GET" -> new Result.Told(RemediationJson.status(rules.rows(), rules.fleets(), now()));
      case "GET locks" -> new Result.Told(RemediationJson.locks(rules.locks(), now()));
      case "GET incidents" -> incidents(query.only("day", "since"));
      case "GET incidents/{}" -> incident(request);
      case "GET approvals" -> new Result.Told(RemediationJson.approvals(room.approvals().open()));
      case "POST approvals/{}" -> decide(request, caller);
      case "PUT actions/{}" -> change(request, caller);
      case "PUT freeze" -> freeze(Body.of(request).only(Set.of("until")), caller);
      case "DELETE freeze" -> thaw(caller);
      case "POST runs" -> start(Body.of(request).only(Set.of("action", "kind", "name")), caller);
      default -> Refusals.unknownRoute();
    };
  }

  private Instant now() {
    return clock.instant();
  }

  /** Since yesterday, for a night has two days; without an end, for a clock may be ahead. */
  private Result incidents(Parameters query) {
    LocalDate today = now().atZone(ZoneOffset.UTC).toLocalDate();
    Optional<LocalDate> day = query.date("day");
    if (day.isPresent()) {
      return new Result.Told(RemediationJson.incidents(incidents.on(day.get())));
    }
    LocalDate from = query.date("since").orElse(today.minusDays(1));
    if (from.isBefore(today.minusDays(MOST_DAYS))) {
      return Refusals.invalid("since", "a day at most %d days before today".formatted(MOST_DAYS));
    }
    return new Result.Told(RemediationJson.incidents(incidents.since(from, today)));
  }

  private Result incident(AdminRequest request) {
    String id = request.path().get(1);
    return incidents
        .find(id)
        .<Result>map(found ->
            request.header("accept").orElse("").contains("text/html")
                ? new Result.Paged(TimelinePage.of(found))
                : new Result.Told(RemediationJson.incident(found)))
        .orElseGet(() -> Refusals.noIncident(id));
  }

  private Result decide(AdminRequest request, Caller caller) {
    Fields body = Body.of(request).only(Set.of("decision", "comment"));
    String comment = body.string("comment").orElse("");
    if (comment.length() > ApprovalPage.LONGEST_COMMENT) {
      throw body.outOfRange(
          "comment", "at most %d characters".formatted(ApprovalPage.LONGEST_COMMENT));
    }
    Verdict verdict =
        switch (body.requiredString("decision")) {
          case "approve" -> Verdict.APPROVE;
          case "deny" -> Verdict.DENY;
          default -> throw body.outOfRange("decision", "one of approve, deny");
        };
    String id = request.path().get(1);
    Answered answered = room.approvals().decide(id, verdict, caller.principal(), comment);
    if (answered instanceof Answered.Accepted) {
      changes.done(
          caller,
          AuditEntry.ADMIN,
          "remediation." + body.requiredString("decision"),
          id,
          Map.of("comment", comment));
    }
    return ApprovalReplies.of(answered);
  }

  /** Off first, written down after: nothing may stand between an operator and a kill switch. */
  private Result change(AdminRequest request, Caller caller) {
    Fields body = Body.of(request);
    RuleChange change = RuleChange.read(body);
    String named = request.path().get(1);
    boolean isAll = named.equals(ALL);
    if (change.isNothing()) {
      return Refusals.invalid("mode", "a mode, or limits");
    }
    if (isAll && !change.limits().isEmpty()) {
      return Refusals.invalid("limits", "limits of one action: all have none");
    }
    if (!isAll && isUnknown(named)) {
      return Refusals.notOneOf("action", actions());
    }
    String action = isAll ? Rules.ALL : named;
    Map<String, String> facts = Map.of("to", body.node().toString());
    if (change.turnsOff()) {
      change.write(rules, action);
      changes.done(caller, AuditEntry.ADMIN, "remediation.rule", named, facts);
      return new Result.Done();
    }
    return audited(caller, "remediation.rule", named, facts, () -> change.write(rules, action));
  }

  private Result freeze(Fields body, Caller caller) {
    String text = body.requiredString("until");
    Instant until =
        Parameters.parsed(text, Instant::parse)
            .filter(end -> end.isAfter(now()) && end.isBefore(now().plus(LONGEST_FREEZE)))
            .orElseThrow(() ->
                body.outOfRange(
                    "until",
                    "a time ahead, at most %d days, such as 2026-11-23T07:00:00Z"
                        .formatted(LONGEST_FREEZE.toDays())));
    rules.freeze(Optional.of(until));
    changes.done(caller, AuditEntry.ADMIN, "remediation.freeze", ALL, Map.of("until", text));
    return new Result.Done();
  }

  private Result thaw(Caller caller) {
    return audited(caller, "remediation.thaw", ALL, Map.of(), () -> rules.freeze(Optional.empty()));
  }

  private Result start(Fields body, Caller caller) {
    String action = body.requiredString("action");
    String kind = body.requiredString("kind");
    String name = body.requiredString("name");
    if (!NAME.matcher(name).matches()) {
      throw body.outOfRange("name", "the target's name");
    }
    SortedSet<String> kinds = Kinds.of(action);
    if (isUnknown(action) || kinds.isEmpty()) {
      SortedSet<String> actions = actions();
      actions.removeIf(each -> Kinds.of(each).isEmpty());
      return Refusals.notOneOf("action", actions);
    }
    if (!kinds.contains(kind)) {
      throw body.outOfRange("kind", "of %s: %s".formatted(action, String.join(", ", kinds)));
    }
    List<String> incident = new ArrayList<>();
    Result result =
        audited(
            caller,
            "remediation.start",
            "%s %s/%s".formatted(action, kind, name),
            Map.of(),
            () -> incident.add(room.guard().start(action, kind, name, caller.principal())));
    return result instanceof Result.Done
        ? new Result.Told(Json.object().put("incident", incident.getFirst()))
        : result;
  }

  private Result audited(
      Caller caller, String what, String subject, Map<String, String> facts, Runnable write) {
    return changes.audited(
        caller,
        AuditEntry.ADMIN,
        what,
        subject,
        facts,
        () -> {
          write.run();
          return new Result.Done();
        });
  }

  /** A name that cannot be looked up passes, as it does for a kill switch. */
  private boolean isUnknown(String action) {
    SortedSet<String> actions = actions();
    return !actions.isEmpty() && !actions.contains(action);
  }

  private SortedSet<String> actions() {
    try {
      return room.guard().actions();
    } catch (RuntimeException e) {
      return new TreeSet<>();
    }
  }
}
