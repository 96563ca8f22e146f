package dev.weir.local.lambda;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One event on its way through a function. */
public final class Invocation {
  private final String id;
  private final String trace;
  private final byte[] event;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  Invocation(String id, String trace, byte[] event) {
    this.id = id;
    this.trace = trace;
    this.event = event;
  }

  String id() {
    return id;
  }

  String trace() {
    return trace;
  }

  byte[] event() {
    return event;
  }

  /**
   * Waits for the outcome.
   *
   * @throws TimeoutException when there is none within this time
   */
  public Outcome await(Duration patience) throws TimeoutException, InterruptedException {
    try {
      return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The client has gone: a streamed result is cut, any other is dropped. */
  public void abandon() {
    if (!complete(new Outcome.Failed("ClientGone", "the client has gone"))
        && outcome.join() instanceof Outcome.Streamed(var result)) {
      result.cut();
    }
  }

  /**
   * Sets the outcome.
   *
   * @return false when there is one already
   */
  boolean complete(Outcome result) {
    return outcome.complete(result);
  }
}
