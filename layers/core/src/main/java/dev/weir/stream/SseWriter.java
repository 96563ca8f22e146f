package dev.weir.stream;

import dev.weir.api.ApiError;
import dev.weir.api.ApiErrorWriter;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatChunkWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes one answer as server-sent events (WHATWG HTML, "Server-sent events"), each flushed by
 * itself. It ends with {@link #done} or {@link #error}, after which nothing is written; an error
 * leaves {@code [DONE]} out, which is how a client tells a broken answer from a whole one.
 * Thread-safe: another thread may send heartbeats.
 */
public final class SseWriter {
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] END = ascii("\n\n");
  private static final byte[] DONE = ascii("[DONE]");

  private final OutputStream out;
  private final ChatChunkWriter chunks;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isEnded;
  private Optional<IOException> failure = Optional.empty();

  /**
   * @param includeUsage whether the client asked for {@code stream_options.include_usage}
   */
  public SseWriter(OutputStream out, boolean includeUsage) {
    this.out = out;
    this.chunks = new ChatChunkWriter(includeUsage);
  }

  /** Sends a chunk, unless it is one this client did not ask for. */
  public void chunk(ChatChunk chunk) throws IOException {
    Optional<byte[]> data = chunks.bytes(chunk);
    if (data.isPresent()) {
      send(event(data.get()), false);
    }
  }

  /** Sends a comment, which every client skips; keeps idle timeouts on the way from striking. */
  public void heartbeat() throws IOException {
    comment("keep-alive");
  }

  /** Sends a comment. {@code text} is ASCII without line breaks. */
  public void comment(String text) throws IOException {
    send(ascii(": " + text + "\n\n"), false);
  }

  /** Sends an event with a type of its own, as the Responses API has them. */
  public void event(String type, byte[] data) throws IOException {
    byte[] event = event(data);
    byte[] head = ascii("event: " + type + "\n");
    byte[] all = Arrays.copyOf(head, head.length + event.length);
    System.arraycopy(event, 0, all, head.length, event.length);
    send(all, false);
  }

  /** Ends a broken answer. */
  public void error(ApiError error) throws IOException {
    send(event(ApiErrorWriter.bytes(error)), true);
  }

  /** Ends a whole answer. */
  public void done() throws IOException {
    send(event(DONE), true);
  }

  private void send(byte[] bytes, boolean isLast) throws IOException {
    lock.lock();
    try {
      if (failure.isPresent()) {
        throw new IOException("the client went away", failure.get());
      }
      if (!isEnded) {
        isEnded = isLast;
        write(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(byte[] bytes) throws IOException {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      failure = Optional.of(e);
      throw e;
    }
  }

  private static byte[] event(byte[] data) {
    byte[] event = new byte[DATA.length + data.length + END.length];
    System.arraycopy(DATA, 0, event, 0, DATA.length);
    System.arraycopy(data, 0, event, DATA.length, data.length);
    System.arraycopy(END, 0, event, DATA.length + data.length, END.length);
    return event;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
