package dev.weir.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.runtime.ResponseStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Answers at once: what is left is the runtime loop and the Runtime API's hop. */
public final class EchoHandler implements RequestStreamHandler {
  private static final byte[] BODY = "{}".getBytes(UTF_8);

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    event.readAllBytes();
    ResponseStream response = (ResponseStream) out;
    response.start(200, Map.of("content-type", "application/json"));
    response.write(BODY);
    response.close();
  }
}
