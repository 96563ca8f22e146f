package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** The answer to one event, streamed once started and buffered otherwise. */
final class EventResponse extends ResponseStream {
  private static final byte[] DELIMITER = new byte[8];

  private final RuntimeApi api;
  private final String requestId;
  private State state = new Fresh();

  private sealed interface State {}

  private record Fresh() implements State {}

  private record Buffered(ByteArrayOutputStream bytes) implements State {}

  private record Streaming(ChunkedBody body) implements State {}

  /**
   * @param broken the client went away before the end
   */
  private record Ended(boolean broken) implements State {}

  EventResponse(RuntimeApi api, String requestId) {
    this.api = api;
    this.requestId = requestId;
  }

  @Override
  public synchronized void start(int status, Map<String, String> headers) throws IOException {
    if (!(state instanceof Fresh)) {
      throw new IllegalStateException("the response has begun");
    }
    var body = api.stream(requestId);
    state = new Streaming(body);
    byte[] prelude =
        "{\"statusCode\":%d,\"headers\":%s}"
            .formatted(status, Json.object(headers))
            .getBytes(UTF_8);
    body.write(prelude, 0, prelude.length);
    body.write(DELIMITER, 0, DELIMITER.length);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    switch (state) {
      case Fresh() -> {
        var buffer = new ByteArrayOutputStream();
        buffer.write(bytes, offset, length);
        state = new Buffered(buffer);
      }
      case Buffered(var buffer) -> buffer.write(bytes, offset, length);
      case Streaming(var body) -> sending(() -> body.write(bytes, offset, length));
      case Ended(var broken) ->
          throw new IOException(broken ? "the client has gone" : "the response is closed");
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    switch (state) {
      case Fresh(), Buffered(_) -> {}
      case Streaming(var body) -> sending(body::flush);
      case Ended(var broken) -> {
        if (broken) {
          throw new IOException("the client has gone");
        }
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    var last = state;
    state = last instanceof Ended ? last : new Ended(false);
    switch (last) {
      case Fresh() -> api.respond(requestId, new byte[0]);
      case Buffered(var buffer) -> api.respond(requestId, buffer.toByteArray());
      case Streaming(var body) -> sending(body::end);
      case Ended(_) -> {}
    }
  }

  /**
   * Ends the response after the handler failed: a 500 while nothing has been written, the error of
   * the invocation after buffered bytes, error trailers after streamed ones.
   */
  synchronized void fail(Failure failure) throws IOException {
    switch (state) {
      case Fresh() -> {
        start(500, Map.of("content-type", "application/json", "cache-control", "no-store"));
        byte[] body = internalError().getBytes(UTF_8);
        write(body, 0, body.length);
        close();
      }
      case Buffered(_) -> {
        state = new Ended(false);
        api.fail(requestId, failure);
      }
      case Streaming(var body) -> {
        state = new Ended(false);
        sending(() -> body.end(failure));
      }
      case Ended(_) -> {}
    }
  }

  /** Whether the client went away before the end. */
  synchronized boolean isBroken() {
    return state instanceof Ended(var broken) && broken;
  }

  private interface Sending {
    void run() throws IOException;
  }

  private void sending(Sending bytes) throws IOException {
    try {
      bytes.run();
    } catch (IOException e) {
      state = new Ended(true);
      api.close();
      throw e;
    }
  }

  private String internalError() {
    return """
    {"error":{"message":%s,"type":"server_error","param":null,"code":"internal_error"}}\
    """
        .formatted(Json.quote("The server failed. Quote request " + requestId + "."));
  }
}
