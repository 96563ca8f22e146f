package dev.weir.operations;

import dev.weir.admin.AdminApi;
import dev.weir.admin.AdminReply;
import dev.weir.admin.AdminRequest;
import dev.weir.admin.Caller;
import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Request;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.crac.Core;
import org.crac.Resource;

/** The routes under {@code /admin/v1}. IAM has decided who may ask before an event comes here. */
public final class AdminHandler extends Door implements Resource {

  private static final String PARAMETER = "{";

  private final AdminApi api;

  /** Wired from the function's environment variables. */
  public AdminHandler() {
    this(new Wiring());
  }

  private AdminHandler(Wiring wiring) {
    this(new AdminApi(wiring.rooms()), wiring.log(), wiring.requestIds());
    wiring.announce("admin");
    Core.getGlobalContext().register(this);
  }

  AdminHandler(AdminApi api, Log log, Supplier<String> requestIds) {
    super(log, requestIds);
    this.api = api;
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    Request request = exchange.request();
    if (request.principal().isEmpty()) {
      throw new IllegalStateException("the route was deployed without IAM");
    }
    AdminReply reply =
        api.serve(
            new AdminRequest(
                request.method(),
                path(request),
                request.query(),
                request.headers(),
                request.body()),
            new Caller(request.principal(), exchange.requestId()));
    exchange.json(reply.status(), reply.headers(), reply.body());
  }

  /** The path by its template, so that an encoded slash stays within its segment. */
  private static List<String> path(Request request) {
    return Arrays.stream(request.resource().substring(AdminRequest.ROOT.length() + 1).split("/"))
        .map(segment ->
            segment.startsWith(PARAMETER)
                ? request
                    .pathParameters()
                    .getOrDefault(segment.substring(1, segment.length() - 1), "")
                : segment)
        .toList();
  }

  /** Makes the first call after a restore a warm one. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    var _ =
        api.serve(
            new AdminRequest("GET", List.of("switches"), Map.of(), Map.of(), new byte[0]),
            new Caller("priming", "priming"));
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
