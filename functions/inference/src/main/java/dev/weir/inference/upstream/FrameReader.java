package dev.weir.inference.upstream;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
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

/**
 * Reads frames ({@code application/vnd.amazon.eventstream}) into signals. One reply, one thread.
 */
public final class FrameReader<E> {

  /** What one frame holds. */
  @FunctionalInterface
  public interface Frames<E> {

    /**
     * Takes a frame.
     *
     * @param events where its events are added
     * @return how the reply has ended with it, if it has
     * @throws IOException when it is malformed
     */
    Optional<Ending> take(Message frame, List<E> events) throws IOException;

    /** The body has ended: takes what was still open. */
    default Optional<Ending> over(List<E> events) throws IOException {
      return Optional.empty();
    }
  }

  private static final int CHUNK = 16 * 1024;
  private static final int MOST_TOGETHER = 64;

  private final Frames<E> frames;
  private final BlockingQueue<Signal<E>> signals;

  public FrameReader(Frames<E> frames, BlockingQueue<Signal<E>> signals) {
    this.frames = frames;
    this.signals = signals;
  }

  /** Reads to the end of the body, an exception frame or a broken one, and says how it ended. */
  public Ending read(InputStream body) throws IOException, InterruptedException {
    MessageDecoder decoder = new MessageDecoder();
    byte[] chunk = new byte[CHUNK];
    List<E> events = new ArrayList<>();
    try {
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        boolean isSound = feed(decoder, chunk, read);
        for (Message message : decoder.getDecodedMessages()) {
          Optional<Ending> ending = frames.take(message, events);
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
      return frames.over(events).orElseGet(() -> cut("NoStop"));
    } finally {
      tell(events);
    }
  }

  private void tell(List<E> events) throws InterruptedException {
    if (!events.isEmpty()) {
      signals.put(new Signal.Next<>(List.copyOf(events)));
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

  /** A frame's header; empty when it has none of that name. */
  public static String header(Message message, String name) {
    Map<String, HeaderValue> headers = message.getHeaders();
    return headers.containsKey(name) ? headers.get(name).getString() : "";
  }

  private static Ending cut(String detail) {
    return new Ending.Failed(Fault.of(Kind.CUT, detail));
  }
}
