package dev.weir.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes errors as OpenAI clients read them. */
public final class ApiErrorWriter {
  private ApiErrorWriter() {}

  /** {@code {"error": {...}}} in UTF-8: a whole body, or the data of an SSE event. */
  public static byte[] bytes(ApiError error) {
    return JsonBytes.object(json -> write(json, error));
  }

  private static void write(JsonGenerator json, ApiError error) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("message", error.message());
    json.writeStringField("type", error.type());
    json.writeStringField("param", error.param().orElse(null));
    json.writeStringField("code", error.code());
    json.writeEndObject();
  }
}
