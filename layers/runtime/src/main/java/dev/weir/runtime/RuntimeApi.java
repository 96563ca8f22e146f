package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda Runtime API (2018-06-01) over one connection, opened when needed and again after an
 * error. For one thread, except that a {@link ChunkedBody} may be written by others.
 */
final class RuntimeApi implements Closeable {
  private static final String ROOT = "/2018-06-01/runtime/";
  private static final int ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 50;

  private final InetSocketAddress address;
  private final String host;
  private @Nullable HttpConnection connection;
  private boolean replyOwed;

  /**
   * @param endpoint {@code host:port}, the value of {@code AWS_LAMBDA_RUNTIME_API}
   */
  RuntimeApi(String endpoint) throws IOException {
    int colon = endpoint.lastIndexOf(':');
    host = endpoint;
    address =
        new InetSocketAddress(
            InetAddress.getByName(endpoint.substring(0, colon)),
            Integer.parseInt(endpoint.substring(colon + 1)));
  }

  /**
   * Waits for the next event, however long; a lost connection is opened again.
   *
   * @throws IOException when the API stays away for 1.5 s or refuses
   */
  Invocation next() throws IOException {
    var reply = patiently("GET", "invocation/next", "", new byte[0]);
    var headers = reply.headers();
    return new Invocation(
        headers.getOrDefault("lambda-runtime-aws-request-id", ""),
        Long.parseLong(headers.getOrDefault("lambda-runtime-deadline-ms", "0")),
        headers.getOrDefault("lambda-runtime-invoked-function-arn", ""),
        headers.getOrDefault("lambda-runtime-trace-id", ""),
        reply.body());
  }

  /** Sends a whole result. */
  void respond(String requestId, byte[] result) throws IOException {
    exchange("POST", "invocation/" + requestId + "/response", "", result);
  }

  /** Begins a streamed result; the head leaves with the first flush. */
  ChunkedBody stream(String requestId) throws IOException {
    var head =
        """
        POST %sinvocation/%s/response HTTP/1.1\r
        Host: %s\r
        Lambda-Runtime-Function-Response-Mode: streaming\r
        Content-Type: application/vnd.awslambda.http-integration-response\r
        Transfer-Encoding: chunked\r
        Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r
        \r
        """
            .formatted(ROOT, requestId, host);
    var open = open();
    replyOwed = true;
    return new ChunkedBody(open, head);
  }

  /** Says that the handler failed without a result. */
  void fail(String requestId, Failure failure) throws IOException {
    report("invocation/" + requestId + "/error", failure);
  }

  /** Says that the handler could not be made. */
  void initError(Failure failure) throws IOException {
    report("init/error", failure);
  }

  /** Waits until the environment runs again from its snapshot. */
  void restoreNext() throws IOException {
    patiently("GET", "restore/next", "", new byte[0]);
  }

  /** Says that a hook failed after the restore. */
  void restoreError(Failure failure) throws IOException {
    report("restore/error", failure);
  }

  /** Lets the connection go; the next call opens another. */
  @Override
  public void close() {
    replyOwed = false;
    try (var old = connection) {
      connection = null;
    } catch (IOException e) {
      // The socket is gone either way.
    }
  }

  private void report(String path, Failure failure) throws IOException {
    exchange(
        "POST",
        path,
        "Lambda-Runtime-Function-Error-Type: " + failure.type() + "\r\n",
        failure.json().getBytes(UTF_8));
  }

  private HttpConnection.Reply patiently(String method, String path, String headers, byte[] body)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return exchange(method, path, headers, body);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(FIRST_PAUSE_MILLIS << (attempt - 1));
      }
    }
  }

  private HttpConnection.Reply exchange(String method, String path, String headers, byte[] body)
      throws IOException {
    var head =
        "%s %s%s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(method, ROOT, path, host, headers, body.length)
            .getBytes(UTF_8);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    try {
      var open = open();
      open.send(request, 0, request.length);
      return accepted(open.read());
    } catch (IOException | NumberFormatException e) {
      close();
      throw e instanceof IOException io ? io : new IOException("malformed reply", e);
    }
  }

  /** The connection, with the reply to the last streamed result read off it. */
  private HttpConnection open() throws IOException {
    if (replyOwed) {
      takeOwedReply();
    }
    var open = connection == null ? new HttpConnection(address) : connection;
    connection = open;
    return open;
  }

  private void takeOwedReply() {
    replyOwed = false;
    try {
      if (connection != null) {
        accepted(connection.read());
      }
    } catch (IOException | NumberFormatException e) {
      close();
    }
  }

  private static HttpConnection.Reply accepted(HttpConnection.Reply reply) throws IOException {
    if (reply.status() / 100 != 2) {
      throw new IOException(
          "the Runtime API answered %d: %s"
              .formatted(reply.status(), new String(reply.body(), UTF_8)));
    }
    return reply;
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
