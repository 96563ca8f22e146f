package dev.weir.door;

import java.io.OutputStream;
import java.util.Map;

/** The whole reply to a request that the gateway made itself. One reply, one thread. */
public final class HeardReply implements Replies {

  private int status;
  private Map<String, String> headers = Map.of();
  private byte[] body = {};

  /** The HTTP status; 0 until there is a reply. */
  public int status() {
    return status;
  }

  /** Its headers, by lower-case name. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Its body; empty until there is one. */
  public byte[] body() {
    return body;
  }

  @Override
  public void whole(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  @Override
  public OutputStream streamed(int status, Map<String, String> headers) {
    throw new IllegalStateException("what the gateway asks itself is answered whole");
  }

  @Override
  public boolean started() {
    return status != 0;
  }
}
