package dev.weir.inference.sagemaker;

import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.inference.upstream.FrameReader;
import dev.weir.inference.upstream.Reading;
import dev.weir.inference.upstream.Signal;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.eventstream.Message;

/** Reads an endpoint's reply as the bytes it is, in a body or in the frames of a stream. */
final class BodyReading implements Reading<Part>, FrameReader.Frames<Part> {
  private static final int CHUNK = 16 * 1024;

  private final Invocation invocation;
  private long bytes;

  BodyReading(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Ending read(SdkHttpResponse head, InputStream body, BlockingQueue<Signal<Part>> signals)
      throws IOException, InterruptedException {
    signals.put(new Signal.Next<>(List.of(new Part.Head(headers(head)))));
    if (invocation.mode() == Mode.STREAM) {
      return new FrameReader<>(this, signals).read(body);
    }
    for (byte[] piece = body.readNBytes(CHUNK); piece.length > 0; piece = body.readNBytes(CHUNK)) {
      if (isTooLong(piece)) {
        return tooLong();
      }
      signals.put(new Signal.Next<>(List.of(new Part.Piece(piece))));
    }
    return new Ending.Complete();
  }

  @Override
  public Optional<Ending> take(Message frame, List<Part> parts) {
    Optional<Ending> failure = PayloadParts.failure(frame);
    if (failure.isPresent()) {
      return failure;
    }
    if (isTooLong(frame.getPayload())) {
      return Optional.of(tooLong());
    }
    parts.add(new Part.Piece(frame.getPayload()));
    return Optional.empty();
  }

  /** A stream of bytes has no mark of its end but the end. */
  @Override
  public Optional<Ending> over(List<Part> parts) {
    return Optional.of(new Ending.Complete());
  }

  @Override
  public Fault fault(
      int status, Optional<String> name, Optional<Duration> retryAfter, byte[] body) {
    return SageMakerFault.ofStatus(status, name, retryAfter, body);
  }

  private boolean isTooLong(byte[] piece) {
    bytes += piece.length;
    return bytes > invocation.maxReplyBytes();
  }

  private static Ending tooLong() {
    return new Ending.Failed(Fault.of(Fault.Kind.REFUSED, "ReplyTooLarge"));
  }

  private static Map<String, String> headers(SdkHttpResponse head) {
    Map<String, String> headers = new TreeMap<>();
    head.forEachHeader(
        (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getLast()));
    return headers;
  }
}
