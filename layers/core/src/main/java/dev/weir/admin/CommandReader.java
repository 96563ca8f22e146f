package dev.weir.admin;

import dev.weir.api.ApiError;
import dev.weir.api.Fields;
import dev.weir.api.Refused;
import dev.weir.killswitch.Target;
import dev.weir.ledger.Bill;
import dev.weir.tenant.AtBudget;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Sharding;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a request as a command. What is wrong with its form is refused by field. */
final class CommandReader {

  private static final int LONGEST_PAGE = 100;
  private static final int LONGEST_CAPTURE = 3_650;
  private static final int LONGEST_IDLE = 8_760;
  private static final int LONGEST_SESSION = 3_650;
  private static final Duration LONGEST_LIFETIME = Duration.ofDays(36_500);
  private static final int LONGEST_WHY = 200;
  private static final int LONGEST_CAPACITY = 31;
  private static final int USUAL_CAPACITY = 7;
  private static final Pattern VERSION = Pattern.compile("\"(\\d{1,18})\"");
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[!-~]{1,255}");
  private static final Set<String> CHANGES =
      Set.of(
          "status",
          "estimate",
          "limits",
          "guard",
          "atBudget",
          "captureDays",
          "sessions",
          "sessionIdleHours",
          "sessionDays",
          "shards");

  private CommandReader() {}

  /**
   * Reads one request.
   *
   * @throws Refused naming the field and what is allowed
   */
  static Command read(AdminRequest request) {
    List<String> path = request.path();
    Parameters query = new Parameters(request.query());
    return switch (request.route()) {
      case "GET tenants" ->
          new Command.ListTenants(
              query.only("after", "limit").text("after"),
              query.integer("limit", LONGEST_PAGE, LONGEST_PAGE));
      case "POST tenants" -> create(Body.of(request));
      case "GET tenants/{}" -> {
        query.only();
        yield new Command.ShowTenant(path.get(1));
      }
      case "PATCH tenants/{}" ->
          new Command.ChangeTenant(
              path.get(1), something(Body.of(request).only(CHANGES)), version(request));
      case "GET tenants/{}/usage" ->
          new Command.ReadUsage(
              path.get(1),
              query.only("from", "to", "by").date("from"),
              query.date("to"),
              query.oneOf("by", Bill.By.class).orElse(Bill.By.MODEL));
      case "GET tenants/{}/audit" -> {
        query.only();
        yield new Command.VerifyAudit(path.get(1));
      }
      case "POST tenants/{}/keys" -> issue(path.get(1), request);
      case "POST tenants/{}/keys/{}/rotate" ->
          new Command.RotateKey(
              path.get(1), path.get(3), lifetime(Body.of(request).only(Set.of("expiresIn"))));
      case "DELETE tenants/{}/keys/{}" -> new Command.RevokeKey(path.get(1), path.get(3));
      case "GET routes" -> new Command.ListRoutes();
      case "GET capacity" ->
          new Command.ReadCapacity(
              query.only("days").integer("days", LONGEST_CAPACITY, USUAL_CAPACITY));
      case "GET switches" -> new Command.ListSwitches();
      case "PUT switches/{}" ->
          new Command.TurnOff(target(path.get(1)), why(Body.of(request).only(Set.of("why"))));
      case "DELETE switches/{}" -> new Command.TurnOn(target(path.get(1)));
      default ->
          throw new Refused(
              new ApiError(
                  404,
                  "invalid_request_error",
                  "unknown_url",
                  "There is no such route.",
                  Optional.empty()));
    };
  }

  private static Command create(Fields body) {
    Set<String> known = new LinkedHashSet<>(CHANGES);
    known.add("id");
    body.only(known);
    return new Command.CreateTenant(body.requiredString("id"), change(body));
  }

  private static Command issue(String tenant, AdminRequest request) {
    Fields body = Body.of(request).only(Set.of("models", "expiresIn"));
    Optional<String> key = request.header("idempotency-key");
    if (key.isPresent() && !IDEMPOTENCY_KEY.matcher(key.get()).matches()) {
      throw body.outOfRange("Idempotency-Key", "1 to 255 visible ASCII characters");
    }
    Set<String> models = new LinkedHashSet<>();
    body.array("models")
        .forEach(model -> {
          if (!model.isTextual()) {
            throw body.wrongType("models", "an array of strings", model);
          }
          models.add(model.textValue());
        });
    return new Command.IssueKey(tenant, models, lifetime(body), key);
  }

  private static Change something(Fields body) {
    Change change = change(body);
    if (change.isNothing()) {
      throw new Refused(
          ApiError.malformed(
              "nothing_to_change",
              "Name at least one of status, estimate, limits, guard, atBudget,"
                  + " captureDays, sessions, sessionIdleHours, sessionDays, shards."));
    }
    return change;
  }

  private static Change change(Fields body) {
    return new Change(
        oneOf(body, "status", Tenant.Status.class),
        oneOf(body, "estimate", EstimateMode.class),
        body.object("limits").map(CommandReader::limits).orElse(Map.of()),
        body.string("guard"),
        oneOf(body, "atBudget", AtBudget.class),
        capture(body),
        body.flag("sessions"),
        upTo(body, "sessionIdleHours", LONGEST_IDLE),
        upTo(body, "sessionDays", LONGEST_SESSION),
        shards(body));
  }

  /** An explicit null takes a limit away. */
  private static Map<Limit, OptionalLong> limits(Fields body) {
    Map<Limit, OptionalLong> limits = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      OptionalLong value = body.integer(limit.text(), 1);
      if (value.orElse(0) > Limits.GREATEST) {
        throw body.outOfRange(
            limit.text(), "an integer from 1 to %d, or null".formatted(Limits.GREATEST));
      }
      if (value.isPresent() || body.node().has(limit.text())) {
        limits.put(limit, value);
      }
    }
    body.only(Arrays.stream(Limit.values()).map(Limit::text).collect(Collectors.toSet()));
    return limits;
  }

  private static Optional<Duration> lifetime(Fields body) {
    return body.string("expiresIn")
        .map(text ->
            Parameters.parsed(text, Duration::parse)
                .filter(Duration::isPositive)
                .filter(lifetime -> lifetime.compareTo(LONGEST_LIFETIME) <= 0)
                .orElseThrow(() ->
                    body.outOfRange(
                        "expiresIn",
                        "an ISO 8601 duration above zero, such as P90D, up to P36500D")));
  }

  private static OptionalInt shards(Fields body) {
    OptionalLong shards = body.integer("shards", 1);
    if (shards.orElse(1) > Sharding.MOST) {
      throw body.outOfRange("shards", "an integer from 1 to " + Sharding.MOST);
    }
    return shards.stream().mapToInt(Math::toIntExact).findFirst();
  }

  /** 0 ends it. */
  private static Optional<Duration> capture(Fields body) {
    return upTo(body, "captureDays", LONGEST_CAPTURE).stream()
        .mapToObj(Duration::ofDays)
        .findFirst();
  }

  private static OptionalInt upTo(Fields body, String name, int most) {
    OptionalLong value = body.integer(name, 0);
    if (value.orElse(0) > most) {
      throw body.outOfRange(name, "an integer from 0 to " + most);
    }
    return value.stream().mapToInt(Math::toIntExact).findFirst();
  }

  private static String why(Fields body) {
    String why = body.requiredString("why");
    if (why.isBlank() || why.length() > LONGEST_WHY) {
      throw body.outOfRange(
          "why", "1 to %d characters, for clients to read".formatted(LONGEST_WHY));
    }
    return why;
  }

  private static Target target(String text) {
    try {
      return Target.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(
          ApiError.invalid("switch", "invalid_value", "Invalid 'switch': " + e.getMessage() + "."));
    }
  }

  private static OptionalLong version(AdminRequest request) {
    Optional<String> text = request.header("if-match");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    var version = VERSION.matcher(text.get());
    if (!version.matches()) {
      throw new Refused(
          ApiError.invalid(
              "If-Match",
              "invalid_value",
              "Invalid 'If-Match'. Expected the etag of the tenant, such as \"7\"."));
    }
    return OptionalLong.of(Long.parseLong(version.group(1)));
  }

  private static <E extends Enum<E>> Optional<E> oneOf(Fields body, String name, Class<E> values) {
    return body.string(name)
        .map(text ->
            Parameters.find(text, values)
                .orElseThrow(() -> body.outOfRange(name, "one of " + Parameters.names(values))));
  }
}
