package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;

/** What is kept of a tenant's responses and conversations: read, changed and deleted here. */
public final class SessionsHandler extends Door {

  private final SessionsFlow flow;

  /** Wired from the function's environment variables. */
  public SessionsHandler() {
    this(Wiring.fromEnvironment());
  }

  private SessionsHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.flow = wiring.sessionsFlow();
    wiring.announce("sessions");
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    flow.serve(exchange, remainingMillis);
  }
}
