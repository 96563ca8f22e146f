package dev.weir.door;

import dev.weir.runtime.ResponseStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Replies over the streaming runtime: bytes leave as they are written. */
final class LiveReplies implements Replies {

  private final ResponseStream response;
  private boolean started;

  LiveReplies(ResponseStream response) {
    this.response = response;
  }

  @Override
  public void whole(int status, Map<String, String> headers, byte[] body) throws IOException {
    OutputStream out = streamed(status, headers);
    out.write(body);
    out.close();
  }

  @Override
  public OutputStream streamed(int status, Map<String, String> headers) throws IOException {
    started = true;
    response.start(status, headers);
    return response;
  }

  @Override
  public boolean started() {
    return started;
  }
}
