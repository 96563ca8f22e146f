package dev.weir.inference.bedrock;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/** Reads ConverseStream's frames ({@code application/vnd.amazon.eventstream}) into signals. */
final class FrameReader {
  private static final int CHUNK = 16 * 1024;
  private static final int MOST_TOGETHER = 64;

  private final BlockingQueue<Signal> signals;

  FrameReader(BlockingQueue<Signal> signals) {
    this.signals = signals;
  }

  /** Reads to the end of the body, an exception frame or a broken one, and says how it ended. */
  Ending read(InputStream body) throws IOException, InterruptedException {
    MessageDecoder decoder = new MessageDecoder();
    byte[] chunk = new byte[CHUNK];
    List<ModelEvent> events = new ArrayList<>();
    try {
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        boolean isSound = feed(decoder, chunk, read);
        for (Message message : decoder.getDecodedMessages()) {
          Optional<Ending> ending = frame(message, events);
          if (ending.isPresent()) {
            return ending.get();
          }
        }
        if (!isSound) {
          return cut("BrokenFrame");
        }
        if (events.size() >= MOST_TOGETHER || body.available() == 0) {
          tell(events);
        }
      }
      return cut("NoStop");
    } finally {
      tell(events);
    }
  }

  private void tell(List<ModelEvent> events) throws InterruptedException {
    if (!events.isEmpty()) {
      signals.put(new Signal.Next(List.copyOf(events)));
      events.clear();
    }
  }

  /** Decodes; false when a frame was broken. The sound ones before it are kept. */
  private static boolean feed(MessageDecoder decoder, byte[] chunk, int length) {
    try {
      decoder.feed(chunk, 0, length);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static Optional<Ending> frame(Message message, List<ModelEvent> events)
      throws IOException {
    String kind = header(message, ":message-type");
    if (!kind.equals("event")) {
      return Optional.of(
          new Ending.Failed(BedrockFault.ofFrame(header(message, ":exception-type"))));
    }
    ConverseEvents.ofFrame(header(message, ":event-type"), message.getPayload())
        .ifPresent(events::add);
    return Optional.empty();
  }

  private static String header(Message message, String name) {
    Map<String, HeaderValue> headers = message.getHeaders();
    return headers.containsKey(name) ? headers.get(name).getString() : "";
  }

  private static Ending cut(String detail) {
    return new Ending.Failed(Fault.of(Kind.CUT, detail));
  }
}
