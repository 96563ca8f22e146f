package dev.weir.local.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An HTTP/1.1 server on 127.0.0.1 with one virtual thread per connection and request. */
public final class HttpServer implements Closeable {
  private static final int BACKLOG = 1024;

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** Answers one request; an exception cuts the connection. */
  public interface Handler {
    void handle(Exchange exchange) throws IOException;

    /**
     * Hears that a connection ended.
     *
     * @param connection what {@link Exchange#connection} gave
     */
    default void ended(Object connection) {}
  }

  /**
   * Listens at once.
   *
   * @param port 0 for any free one
   */
  public HttpServer(int port, Handler handler) throws IOException {
    this.handler = handler;
    listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("accept-" + port()).start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        serve(listener.accept());
      } catch (IOException e) {
        // Closed, or one client gone before it was accepted.
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    var connection = new Connection(socket, handler);
    connections.add(connection);
    if (listener.isClosed()) {
      connection.close();
    }
    Thread.startVirtualThread(() -> {
      connection.run();
      connections.remove(connection);
      handler.ended(connection);
    });
  }

  /** Stops listening and cuts every connection. */
  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(Connection::close);
  }
}
