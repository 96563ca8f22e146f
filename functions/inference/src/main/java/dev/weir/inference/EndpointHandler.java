package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;

/**
 * {@code POST /v1/endpoints/{name}/invocations} and {@code GET
 * /v1/endpoints/{name}/invocations/{id}}.
 */
public final class EndpointHandler extends Door {

  private final EndpointFlow flow;

  /** Wired from the function's environment variables. */
  public EndpointHandler() {
    this(Wiring.fromEnvironment());
  }

  private EndpointHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.flow = wiring.endpointFlow();
    wiring.announce("endpoints");
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    flow.serve(exchange, remainingMillis);
  }
}
