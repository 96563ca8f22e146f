package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** What is kept of a tenant's responses and conversations: read, changed and deleted here. */
public final class SessionsHandler extends Door {

  private final SessionRoutes routes;
  private final TenantDirectory tenants;
  private final InstantSource clock;

  /** Wired from the function's environment variables. */
  public SessionsHandler() {
    this(Wiring.fromEnvironment());
  }

  private SessionsHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.routes = wiring.sessionRoutes();
    this.tenants = wiring.directory();
    this.clock = wiring.clock();
    wiring.announce("sessions");
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    Optional<Tenant> tenant =
        tenants
            .tenant(exchange.request().authorized("tenantId"))
            .filter(known ->
                Optional.ofNullable(known.keys().get(exchange.request().authorized("keyId")))
                    .filter(key -> key.isValid(clock.instant()))
                    .isPresent());
    if (tenant.isEmpty()) {
      exchange.problem(Problem.invalidKey(), Map.of());
      return;
    }
    switch (routes.serve(tenant.get(), exchange.request(), exchange.requestId())) {
      case SessionRoutes.Reply.Found(var body) ->
          exchange.json(200, Map.of(), body.toString().getBytes(StandardCharsets.UTF_8));
      case SessionRoutes.Reply.Not(Problem problem) -> exchange.problem(problem, Map.of());
    }
  }
}
