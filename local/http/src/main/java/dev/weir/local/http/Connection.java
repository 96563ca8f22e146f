package dev.weir.local.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/**
 * One client connection. Its own thread reads requests, each is handled on another; so the reader
 * is free to notice that the client went away.
 */
final class Connection implements Runnable {
  private static final long DRAIN_LIMIT = 64L << 20;

  private final Socket socket;
  private final HttpServer.Handler handler;
  private final InputStream in;
  private final OutputStream out;

  Connection(Socket socket, HttpServer.Handler handler) throws IOException {
    this.socket = socket;
    this.handler = handler;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  OutputStream out() {
    return out;
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  @Override
  public void run() {
    try {
      boolean open = true;
      while (open) {
        var head = RequestHead.read(in);
        open = head.isPresent() && serve(head.get());
      }
    } catch (IOException e) {
      // The client broke the protocol or the connection; there is nobody to tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private boolean serve(RequestHead head) throws IOException, InterruptedException {
    var bodyRead = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var exchange =
        new Exchange(this, head, new RequestBody(head.headers(), in, out, bodyRead::countDown));
    Thread.startVirtualThread(() -> {
      try {
        handle(exchange);
      } finally {
        done.countDown();
        bodyRead.countDown();
      }
    });
    bodyRead.await();
    boolean more = awaitNextByte();
    if (!more && done.getCount() > 0) {
      exchange.disconnected();
    }
    done.await();
    return more && exchange.keepsAlive();
  }

  /** Waits for the next request's first byte, which stays unread. */
  private boolean awaitNextByte() {
    try {
      in.mark(1);
      boolean more = in.read() >= 0;
      if (more) {
        in.reset();
      }
      return more;
    } catch (IOException e) {
      return false;
    }
  }

  private void handle(Exchange exchange) {
    try {
      handler.handle(exchange);
      // An answer sent before the body was read would be lost with the connection.
      if (exchange.body().skip(DRAIN_LIMIT) >= DRAIN_LIMIT || !exchange.keepsAlive()) {
        close();
      }
    } catch (IOException e) {
      close();
    } catch (RuntimeException | Error e) {
      System.err.println("request failed: " + e);
      e.printStackTrace();
      close();
    }
  }
}
