package dev.weir.local.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;

/** A buffered handler, run by the official runtime client. */
public final class PlainHandler implements RequestStreamHandler {

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var event = new String(input.readAllBytes(), UTF_8);
    output.write(result(event).getBytes(UTF_8));
  }

  private static String result(String event) {
    if (event.contains("\"body\":\"malformed\"")) {
      return "hello";
    }
    if (event.contains("\"body\":\"throw\"")) {
      throw new IllegalStateException("as ordered");
    }
    var body = Base64.getEncoder().encodeToString(event.getBytes(UTF_8));
    return """
    {"statusCode":201,"headers":{"x-greeting":"%s"},"multiValueHeaders":{"x-many":["a","b"]},\
    "body":"%s","isBase64Encoded":true}\
    """
        .formatted(System.getenv("GREETING"), body);
  }
}
