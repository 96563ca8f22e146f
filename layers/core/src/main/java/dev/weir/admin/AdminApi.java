package dev.weir.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ApiError;
import dev.weir.api.ApiErrorWriter;
import dev.weir.api.Refused;
import dev.weir.guard.GuardSet;
import dev.weir.tenant.Tenant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The admin API of one deployment, whichever way it is asked: by the routes under {@code /admin/v1}
 * or by the command line with an operator's own credentials. Thread-safe.
 */
public final class AdminApi {

  private static final String REMEDIATION = "remediation";

  private final Administration administration;
  private final Optional<RemediationApi> remediation;

  public AdminApi(Rooms rooms) {
    this.administration = new Administration(rooms);
    this.remediation =
        rooms
            .remediation()
            .map(room ->
                new RemediationApi(
                    room, new Changes(rooms.audit(), rooms.log(), rooms.clock()), rooms.clock()));
  }

  /** Answers one request; faults of the store are thrown as the SDK's exceptions. */
  public AdminReply serve(AdminRequest request, Caller caller) {
    try {
      return reply(
          request.path().getFirst().equals(REMEDIATION)
              ? remediation(request, caller)
              : administration.execute(CommandReader.read(request), caller));
    } catch (Refused refused) {
      return reply(new Result.Refused(refused.error()));
    }
  }

  private Result remediation(AdminRequest request, Caller caller) {
    return remediation
        .map(api ->
            api.execute(
                new AdminRequest(
                    request.method(),
                    request.path().subList(1, request.path().size()),
                    request.query(),
                    request.headers(),
                    request.body()),
                caller))
        .orElseGet(Refusals::unknownRoute);
  }

  private static AdminReply reply(Result result) {
    return switch (result) {
      case Result.Tenants(var page) -> {
        ObjectNode json = Json.object();
        ArrayNode ids = json.putArray("tenants");
        page.ids().forEach(ids::add);
        json.put("next", page.next().orElse(null));
        yield ok(200, json);
      }
      case Result.Shown(var tenant, var spend, var isNew) ->
          new AdminReply(
              isNew ? 201 : 200, Map.of("etag", etag(tenant)), Json.bytes(Json.of(tenant, spend)));
      case Result.Issued(var issued) ->
          ok(201, Json.object().put("id", issued.keyId()).put("key", issued.key().reveal()));
      case Result.Sums(var from, var to, var bill) ->
          ok(200, Json.of(bill).put("from", from.toString()).put("to", to.toString()));
      case Result.Verified(var report) -> ok(200, Json.of(report));
      case Result.Routes(var catalog) -> {
        ObjectNode json = Json.object();
        ArrayNode routes = json.putArray("routes");
        catalog.all().forEach(model -> routes.add(Json.of(model)));
        ArrayNode guards = json.putArray("guards");
        catalog.guards().all().stream().map(GuardSet::id).forEach(guards::add);
        yield ok(200, json);
      }
      case Result.Capacity(var report) -> ok(200, CapacityJson.of(report));
      case Result.Switches(var off) -> {
        ObjectNode json = Json.object();
        ArrayNode rows = json.putArray("off");
        off.forEach(each -> rows.add(Json.of(each)));
        yield ok(200, json);
      }
      case Result.Told(var json) -> ok(200, json);
      case Result.Paged(var page) -> {
        Map<String, String> headers = new LinkedHashMap<>(page.headers());
        headers.put("content-type", page.contentType());
        yield new AdminReply(page.status(), headers, page.body());
      }
      case Result.Done() -> new AdminReply(204, Map.of(), new byte[0]);
      case Result.Refused(var error) -> refused(error);
    };
  }

  private static AdminReply ok(int status, ObjectNode json) {
    return new AdminReply(status, Map.of("cache-control", "no-store"), Json.bytes(json));
  }

  private static AdminReply refused(ApiError error) {
    Map<String, String> headers = new LinkedHashMap<>();
    boolean isWorthRetrying = error.status() == 503 || error.code().equals("tenant_contended");
    headers.put("x-should-retry", Boolean.toString(isWorthRetrying));
    if (isWorthRetrying) {
      headers.put("retry-after", "1");
    }
    return new AdminReply(error.status(), headers, ApiErrorWriter.bytes(error));
  }

  private static String etag(Tenant tenant) {
    return "\"" + tenant.version() + "\"";
  }
}
