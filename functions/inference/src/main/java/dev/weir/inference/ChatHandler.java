package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** {@code POST /v1/chat/completions}. */
public final class ChatHandler extends Door implements Resource {

  private final ChatFlow flow;
  private final Priming priming;

  /** Wired from the function's environment variables. */
  public ChatHandler() {
    this(Wiring.fromEnvironment());
  }

  private ChatHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.flow = wiring.chatFlow();
    this.priming = wiring.priming();
    wiring.announce("chat");
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
