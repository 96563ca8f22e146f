package dev.weir.model;

import dev.weir.route.Deadline;

/** Asks one model. Adapters live in functions/inference. Thread-safe. */
public interface ModelClient {

  /**
   * Asks and delivers the answer's events on the calling thread, in order. Makes exactly one
   * upstream attempt. Returns, never throws, for every upstream failure.
   *
   * @param call what to ask; {@code call.stream()} chooses ConverseStream over Converse
   * @param deadline when to give up
   * @param sink receives the events; when it throws {@link SinkClosed} the upstream call is
   *     cancelled and the ending is {@code Failed(CANCELLED)}
   */
  Ending ask(ModelCall call, Deadline deadline, Sink sink);

  /** Receives a model's events. */
  @FunctionalInterface
  interface Sink {
    void accept(ModelEvent event) throws SinkClosed;
  }

  /** The reader of the answer has gone. */
  final class SinkClosed extends Exception {
    private static final long serialVersionUID = 1L;

    public SinkClosed(Throwable cause) {
      super("the client went away", cause, false, false);
    }
  }
}
