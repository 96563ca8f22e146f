package dev.weir.inference.upstream;

import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.SinkClosed;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Asks one AWS service over HTTP/1.1, with the SDK's signer but without its clients, which would
 * need Netty to stream. Makes exactly one attempt and ends as soon as its listener has lost
 * patience, wherever the service stalls. Thread-safe.
 */
public final class Upstream implements AutoCloseable {

  /** Longest wait for a connection. */
  public static final Duration CONNECT = Duration.ofSeconds(3);

  /** Above every deadline: only bounds the wait for the end of an answer that is already whole. */
  private static final Duration READ = Duration.ofMinutes(16);

  private static final int QUEUED_SIGNALS = 64;

  private final String name;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /**
   * @param name of the threads that read, for people
   */
  public Upstream(String name, Signing signing) {
    this.name = name;
    this.signing = signing;
  }

  /** Asks and tells the listener on the calling thread; never throws for an upstream failure. */
  public <E> Ending ask(Outgoing<E> outgoing, Listener<E> listener) {
    BlockingQueue<Signal<E>> signals = new ArrayBlockingQueue<>(QUEUED_SIGNALS);
    Thread reader =
        Thread.ofVirtual().name(name).start(new Exchange<>(http, signing, outgoing, signals));
    boolean isWhole = false;
    try {
      while (true) {
        long left = listener.left().toNanos();
        @Nullable Signal<E> signal = left > 0 ? signals.poll(left, TimeUnit.NANOSECONDS) : null;
        switch (signal) {
          case null -> {
            return listener.end(new Ending.Failed(listener.outOfTime()));
          }
          case Signal.Over<E>(Ending ending) -> {
            return listener.end(ending);
          }
          case Signal.Next<E>(var events) -> {
            for (E event : events) {
              if (listener.accept(event)) {
                isWhole = true;
                return listener.end(new Ending.Complete());
              }
            }
          }
        }
      }
    } catch (SinkClosed e) {
      return cancelled("ClientGone");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return cancelled("Interrupted");
    } finally {
      if (!isWhole) {
        reader.interrupt();
      }
    }
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    http.close();
  }

  private static Ending cancelled(String detail) {
    return new Ending.Failed(Fault.of(Fault.Kind.CANCELLED, detail));
  }
}
