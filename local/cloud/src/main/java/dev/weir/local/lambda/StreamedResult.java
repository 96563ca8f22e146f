package dev.weir.local.lambda;

import dev.weir.local.http.Exchange;
import java.io.Closeable;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** A result as the function sends it. Whoever reads it must close it. */
public final class StreamedResult implements Closeable {
  private final Exchange exchange;
  private final CountDownLatch closed = new CountDownLatch(1);

  StreamedResult(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The bytes; a read waits for the next ones only and fails when the environment dies. */
  public InputStream bytes() {
    return exchange.body();
  }

  /** Whether the function ended its result with an error; known after the last byte. */
  public boolean isFailed() {
    return exchange.trailers().last("Lambda-Runtime-Function-Error-Type").isPresent();
  }

  /** Nobody reads on: the function's next write fails. */
  public void cut() {
    exchange.abort();
    close();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  void awaitClose() throws InterruptedException {
    closed.await();
  }
}
