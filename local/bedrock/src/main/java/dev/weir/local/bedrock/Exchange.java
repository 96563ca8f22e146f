package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;

/**
 * One request and its reply, used by one thread. Knows when the client has gone, also while nothing
 * is written.
 */
final class Exchange {
  /** Bedrock's own limit is of this order. */
  private static final int MAX_BODY = 25 * 1024 * 1024;

  private static final long LOOK_NANOS = 200_000_000;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private volatile boolean streamFailed;
  private boolean strayByte;
  private long lookedNanos = System.nanoTime();

  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    request.addFailureListener(failure -> streamFailed = true);
  }

  String method() {
    return request.getMethod();
  }

  /** The path as it was sent, still encoded. */
  String rawPath() {
    return request.getHttpURI().getPath();
  }

  /** The first value of a query parameter. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  byte[] body() throws IOException, ErrorReply {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] body = in.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new ErrorReply(
            413, "RequestEntityTooLargeException", "The request is too large.", Optional.empty());
      }
      return body;
    }
  }

  /** Sets a header of the reply; without effect once the reply has begun. */
  void set(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Sends status and headers, if they have not been sent. */
  void begin() throws AnswerEnded {
    if (!response.isCommitted()) {
      response.setStatus(200);
      write(new byte[0]);
    }
  }

  boolean hasBegun() {
    return response.isCommitted();
  }

  /** Sends a piece of the body, at once. */
  void write(byte[] bytes) throws AnswerEnded {
    try (Blocker.Callback done = Blocker.callback()) {
      response.write(false, ByteBuffer.wrap(bytes), done);
      done.block();
    } catch (IOException gone) {
      throw new AnswerEnded(AnswerEnded.By.CLIENT);
    }
  }

  /** Ends the reply in good order. */
  void end() {
    if (strayByte) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  /** Sends a whole reply. */
  void reply(int status, String contentType, byte[] body) {
    response.setStatus(status);
    set("Content-Type", contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  void reply(int status, JsonNode body) {
    reply(status, "application/json", Json.bytes(body));
  }

  /** Lets go of a reply nobody reads. */
  void abandon() {
    callback.failed(new EofException("the client has gone"));
  }

  /** Resets the connection; with HTTP/2 that ends the connection's other streams too. */
  void reset() {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException closed) {
        // Closed already: there is nothing to reset.
      }
    }
    endPoint.close();
    callback.failed(new EofException("reset by an injected fault"));
  }

  /** Waits, looking for the client meanwhile. A zero length only looks, and not each time. */
  void pause(Duration length) throws AnswerEnded {
    long end = System.nanoTime() + length.toNanos();
    while (true) {
      look();
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      try {
        Thread.sleep(Duration.ofNanos(Math.min(left, LOOK_NANOS)));
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        throw new AnswerEnded(AnswerEnded.By.CLIENT);
      }
    }
  }

  private void look() throws AnswerEnded {
    long now = System.nanoTime();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      if (streamFailed || connectionClosed()) {
        throw new AnswerEnded(AnswerEnded.By.CLIENT);
      }
    }
  }

  /**
   * Whether the peer has closed. HTTP/2 reads all the time and tells by itself; over HTTP/1.1
   * nobody reads between a request and its reply, so this may.
   */
  private boolean connectionClosed() {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (!endPoint.isOpen()) {
      return true;
    }
    if (strayByte
        || request.getConnectionMetaData().getHttpVersion().getVersion() > 11
        || !(endPoint.getTransport() instanceof SocketChannel channel)) {
      return false;
    }
    try {
      int read = channel.read(ByteBuffer.allocate(1));
      strayByte = read > 0;
      return read < 0;
    } catch (IOException reset) {
      return true;
    }
  }
}
