package dev.weir.inference.bedrock;

import dev.weir.inference.upstream.FrameReader;
import dev.weir.inference.upstream.Reading;
import dev.weir.inference.upstream.Signal;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.eventstream.Message;

/** Reads the replies of ConverseStream and Converse. */
final class ConverseReading implements Reading<ModelEvent> {
  private static final int LONGEST_REPLY = 32 * 1024 * 1024;

  private final boolean isStreamed;

  ConverseReading(boolean isStreamed) {
    this.isStreamed = isStreamed;
  }

  @Override
  public Ending read(
      SdkHttpResponse head, InputStream body, BlockingQueue<Signal<ModelEvent>> signals)
      throws IOException, InterruptedException {
    if (isStreamed) {
      return frames(body, signals);
    }
    signals.put(new Signal.Next<>(ConverseEvents.ofReply(body.readNBytes(LONGEST_REPLY))));
    return new Ending.Failed(Fault.of(Fault.Kind.CUT, "NoStop"));
  }

  Ending frames(InputStream body, BlockingQueue<Signal<ModelEvent>> signals)
      throws IOException, InterruptedException {
    return new FrameReader<>(ConverseReading::frame, signals).read(body);
  }

  @Override
  public Fault fault(
      int status, Optional<String> name, Optional<Duration> retryAfter, byte[] body) {
    return BedrockFault.ofStatus(
        status, name.orElseGet(() -> ConverseEvents.errorType(body)), retryAfter);
  }

  private static Optional<Ending> frame(Message frame, List<ModelEvent> events) throws IOException {
    if (!FrameReader.header(frame, ":message-type").equals("event")) {
      return Optional.of(
          new Ending.Failed(BedrockFault.ofFrame(FrameReader.header(frame, ":exception-type"))));
    }
    ConverseEvents.ofFrame(FrameReader.header(frame, ":event-type"), frame.getPayload())
        .ifPresent(events::add);
    return Optional.empty();
  }
}
