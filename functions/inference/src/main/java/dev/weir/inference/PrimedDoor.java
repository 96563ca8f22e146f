package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import java.io.IOException;
import java.util.function.Function;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** A door whose path is run through once before a snapshot of its environment is taken. */
abstract class PrimedDoor extends Door implements Resource {

  private final Flow flow;
  private final Priming priming;

  /** What a door leads to. */
  interface Flow {

    /**
     * Answers.
     *
     * @param remainingMillis left to the function's environment
     * @throws IOException when the reply cannot be written
     */
    void serve(Exchange exchange, int remainingMillis) throws IOException;
  }

  /**
   * @param name as the first log line says it
   */
  PrimedDoor(
      Wiring wiring, String name, Function<Wiring, Flow> flow, Function<Wiring, Priming> priming) {
    super(wiring.log(), wiring.requestIds());
    this.flow = flow.apply(wiring);
    this.priming = priming.apply(wiring);
    wiring.announce(name);
    Core.getGlobalContext().register(this);
  }

  @Override
  protected final void serve(Exchange exchange, int remainingMillis) throws IOException {
    flow.serve(exchange, remainingMillis);
  }

  @Override
  public final void beforeCheckpoint(Context<? extends Resource> context) {
    priming.run();
  }

  @Override
  public final void afterRestore(Context<? extends Resource> context) {}
}
