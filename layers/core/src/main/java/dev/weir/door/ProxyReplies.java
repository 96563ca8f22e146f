package dev.weir.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Replies over the official runtime client, which cannot stream: the body is collected and sent as
 * one proxy response when it is closed.
 */
final class ProxyReplies implements Replies {

  private static final JsonFactory JSON = new JsonFactory();

  private final OutputStream out;
  private boolean started;

  ProxyReplies(OutputStream out) {
    this.out = out;
  }

  @Override
  public void whole(int status, Map<String, String> headers, byte[] body) throws IOException {
    started = true;
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", status);
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : headers.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      boolean isText = isText(headers.getOrDefault("content-type", ""));
      json.writeBooleanField("isBase64Encoded", !isText);
      json.writeStringField(
          "body",
          isText
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
      json.writeEndObject();
    }
  }

  private static boolean isText(String contentType) {
    return contentType.startsWith("text/")
        || contentType.startsWith("application/json")
        || contentType.contains("+json");
  }

  @Override
  public OutputStream streamed(int status, Map<String, String> headers) {
    started = true;
    return new ByteArrayOutputStream() {
      private boolean closed;

      @Override
      public void close() throws IOException {
        if (!closed) {
          closed = true;
          whole(status, headers, toByteArray());
        }
      }
    };
  }

  @Override
  public boolean started() {
    return started;
  }
}
