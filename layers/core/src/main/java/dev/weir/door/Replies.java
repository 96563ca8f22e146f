package dev.weir.door;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Where a door's reply goes. One reply per request: either whole or streamed. */
interface Replies {

  /** Sends a whole reply and ends it. */
  void whole(int status, Map<String, String> headers, byte[] body) throws IOException;

  /**
   * Sends status and headers and returns the stream of the body. Closing the stream ends the reply;
   * the door may go on working.
   */
  OutputStream streamed(int status, Map<String, String> headers) throws IOException;

  /** Whether status and headers have left. */
  boolean started();
}
