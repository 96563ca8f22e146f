package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** {@code POST /v1/responses}. */
public final class ResponsesHandler extends Door implements Resource {

  private final ResponsesFlow flow;
  private final Priming priming;

  /** Wired from the function's environment variables. */
  public ResponsesHandler() {
    this(Wiring.fromEnvironment());
  }

  private ResponsesHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.flow = wiring.responsesFlow();
    this.priming = wiring.priming();
    wiring.announce("responses");
    Core.getGlobalContext().register(this);
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    flow.serve(exchange, remainingMillis);
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    priming.run();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
