package dev.weir.http;

import java.io.IOException;

/** There was no connection, so nothing of the request has left. */
public final class NotConnectedException extends IOException {

  private static final long serialVersionUID = 1L;

  NotConnectedException(IOException cause) {
    super(cause);
  }
}
