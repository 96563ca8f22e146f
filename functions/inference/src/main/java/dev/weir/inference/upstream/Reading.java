package dev.weir.inference.upstream;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import software.amazon.awssdk.http.SdkHttpResponse;

/** How one service's replies are read. One call, one thread. */
public interface Reading<E> {

  /**
   * Reads a reply of success to its end and tells what it holds.
   *
   * @return how it ended; what follows a complete answer on the wire is the listener's to ignore
   */
  Ending read(SdkHttpResponse head, InputStream body, BlockingQueue<Signal<E>> signals)
      throws IOException, InterruptedException;

  /**
   * The fault that a reply with an error status stands for.
   *
   * @param name the {@code x-amzn-errortype} header
   * @param retryAfter the wait that was asked for
   * @param body its beginning
   */
  Fault fault(int status, Optional<String> name, Optional<Duration> retryAfter, byte[] body);
}
