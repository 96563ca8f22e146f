package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** {@code POST /v1/embeddings}. */
public final class EmbeddingsHandler extends Door implements Resource {

  private final EmbeddingFlow flow;
  private final EmbeddingPriming priming;

  /** Wired from the function's environment variables. */
  public EmbeddingsHandler() {
    this(Wiring.fromEnvironment());
  }

  private EmbeddingsHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.flow = wiring.embeddingFlow();
    this.priming = wiring.embeddingPriming();
    wiring.announce("embeddings");
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
