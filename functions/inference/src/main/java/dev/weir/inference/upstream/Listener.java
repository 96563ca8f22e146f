package dev.weir.inference.upstream;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.SinkClosed;
import java.time.Duration;

/** Who listens to one reply, and for how long. One call, one thread. */
public interface Listener<E> {

  /** How long the next event may still take; zero or less when patience is over. */
  Duration left();

  /** The fault that running out of patience is. */
  Fault outOfTime();

  /**
   * Takes an event.
   *
   * @return whether nothing more is to come, so that the rest of the reply is nobody's business
   */
  boolean accept(E event) throws SinkClosed;

  /** How the call ended, given how its wire ended. */
  Ending end(Ending ofWire);
}
