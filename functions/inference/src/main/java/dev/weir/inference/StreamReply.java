package dev.weir.inference;

import dev.weir.door.Exchange;
import dev.weir.inference.sagemaker.Part;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.SinkClosed;
import dev.weir.route.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A reply whose bytes leave as they come. Its head leaves with its first byte, so that a failure
 * before that is an honest status.
 */
final class StreamReply extends EndpointReply {
  private final Exchange exchange;
  private final Deadline deadline;
  private final Map<String, String> ofGateway;
  private Optional<OutputStream> out = Optional.empty();
  private long heardNanos = System.nanoTime();

  /**
   * @param ofGateway the gateway's own headers
   */
  StreamReply(Exchange exchange, Deadline deadline, Map<String, String> ofGateway) {
    this.exchange = exchange;
    this.deadline = deadline;
    this.ofGateway = ofGateway;
  }

  @Override
  public Duration left() {
    Duration ofSilence =
        (bytes() > 0 ? deadline.idle() : deadline.firstContent())
            .minusNanos(System.nanoTime() - heardNanos);
    Duration whole = deadline.remaining();
    return ofSilence.compareTo(whole) < 0 ? ofSilence : whole;
  }

  @Override
  public Fault outOfTime() {
    return deadline.isOver()
        ? Fault.of(Fault.Kind.DEADLINE, "RequestDeadline")
        : Fault.of(Fault.Kind.STALLED, bytes() > 0 ? "Idle" : "FirstContent");
  }

  @Override
  public boolean accept(Part part) throws SinkClosed {
    switch (part) {
      case Part.Head head -> take(head);
      case Part.Piece piece -> {
        count(piece);
        write(piece.bytes());
        heardNanos = System.nanoTime();
      }
    }
    return false;
  }

  @Override
  public Ending end(Ending ofWire) {
    return ofWire;
  }

  /** Whether the client has got anything. */
  boolean hasLeft() {
    return out.isPresent();
  }

  /** Ends a reply that is whole. */
  void close() throws IOException {
    open().close();
  }

  private void write(byte[] bytes) throws SinkClosed {
    try {
      OutputStream open = open();
      open.write(bytes);
      open.flush();
    } catch (IOException e) {
      throw new SinkClosed(e);
    }
  }

  private OutputStream open() throws IOException {
    if (out.isEmpty()) {
      Map<String, String> all = new LinkedHashMap<>(ofGateway);
      all.putAll(headers());
      out = Optional.of(exchange.stream(contentType(), all));
    }
    return out.get();
  }
}
