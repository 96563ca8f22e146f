package dev.weir.inference.sagemaker;

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

/**
 * Reads InvokeEndpointWithResponseStream: frames around a body of server-sent events, whose own
 * boundaries are nowhere near those of the frames.
 */
final class ChatReading implements Reading<ModelEvent>, FrameReader.Frames<ModelEvent> {
  private final EventLines lines = new EventLines();
  private final ChatChunks chunks = new ChatChunks();

  @Override
  public Ending read(
      SdkHttpResponse head, InputStream body, BlockingQueue<Signal<ModelEvent>> signals)
      throws IOException, InterruptedException {
    return new FrameReader<>(this, signals).read(body);
  }

  @Override
  public Fault fault(
      int status, Optional<String> name, Optional<Duration> retryAfter, byte[] body) {
    return SageMakerFault.ofStatus(status, name, retryAfter, body);
  }

  @Override
  public Optional<Ending> take(Message frame, List<ModelEvent> events) throws IOException {
    Optional<Ending> failure = PayloadParts.failure(frame);
    return failure.isPresent() ? failure : take(lines.take(frame.getPayload()), events);
  }

  @Override
  public Optional<Ending> over(List<ModelEvent> events) throws IOException {
    return take(lines.end(), events);
  }

  private Optional<Ending> take(List<String> data, List<ModelEvent> events) throws IOException {
    for (String each : data) {
      Optional<Ending> ending = chunks.take(each, events);
      if (ending.isPresent()) {
        return ending;
      }
    }
    return Optional.empty();
  }
}
