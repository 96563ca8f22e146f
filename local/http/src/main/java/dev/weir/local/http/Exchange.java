package dev.weir.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One request and its response. */
public final class Exchange {
  private final Connection connection;
  private final RequestHead head;
  private final RequestBody body;
  private final List<Runnable> disconnectActions = new ArrayList<>();
  private boolean disconnected;
  private boolean responded;

  Exchange(Connection connection, RequestHead head, RequestBody body) {
    this.connection = connection;
    this.head = head;
    this.body = body;
  }

  public String method() {
    return head.method();
  }

  /** The path as sent, percent-encoded, without the query. */
  public String path() {
    int query = head.target().indexOf('?');
    return query < 0 ? head.target() : head.target().substring(0, query);
  }

  /** The query as sent, empty when there is none. */
  public String query() {
    int query = head.target().indexOf('?');
    return query < 0 ? "" : head.target().substring(query + 1);
  }

  public Headers headers() {
    return head.headers();
  }

  /** The body; a read waits for the next bytes only. */
  public InputStream body() {
    return body;
  }

  /** Trailer fields, known once the body has been read to its end. */
  public Headers trailers() {
    return body.trailers();
  }

  /** What all exchanges of one connection share. */
  public Object connection() {
    return connection;
  }

  /** Sends a whole response. */
  public void respond(int status, Headers headers, byte[] content) throws IOException {
    headers.set("Content-Length", Integer.toString(content.length));
    byte[] start = begin(status, headers);
    boolean bodiless = method().equals("HEAD") || status == 204 || status == 304;
    byte[] all = Arrays.copyOf(start, start.length + (bodiless ? 0 : content.length));
    System.arraycopy(content, 0, all, start.length, all.length - start.length);
    connection.out().write(all);
  }

  /** Begins a chunked response: every write leaves at once, {@code close} ends it. */
  public OutputStream stream(int status, Headers headers) {
    headers.remove("Content-Length");
    headers.set("Transfer-Encoding", "chunked");
    return new ResponseBody(connection.out(), begin(status, headers), method().equals("HEAD"));
  }

  /** Cuts the connection where it stands. */
  public void abort() {
    connection.close();
  }

  /**
   * Runs the action once the client has gone before the response's end, at once if it has. It is
   * noticed from when the request's body has been read.
   */
  public void onDisconnect(Runnable action) {
    boolean now;
    synchronized (this) {
      now = disconnected;
      disconnectActions.add(action);
    }
    if (now) {
      action.run();
    }
  }

  void disconnected() {
    List<Runnable> actions;
    synchronized (this) {
      disconnected = true;
      actions = List.copyOf(disconnectActions);
    }
    actions.forEach(Runnable::run);
  }

  boolean isResponded() {
    return responded;
  }

  boolean keepsAlive() {
    return head.keepAlive() && responded;
  }

  private byte[] begin(int status, Headers headers) {
    if (responded) {
      throw new IllegalStateException("the response has begun");
    }
    responded = true;
    if (!head.keepAlive()) {
      headers.set("Connection", "close");
    }
    var text = new StringBuilder(256).append("HTTP/1.1 ").append(status).append(" \r\n");
    for (var field : headers.fields()) {
      text.append(field.name()).append(": ").append(oneLine(field.value())).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  /** A line end inside a value would begin another field. */
  private static String oneLine(String value) {
    return value.replace('\r', ' ').replace('\n', ' ');
  }
}
