package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;

/** The calls that the Bedrock stand-in has been sent, of whatever operation. */
final class ModelCalls {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URL calls;

  ModelCalls(URI bedrock) throws IOException {
    calls = bedrock.resolve("/_control/calls?since=" + Long.MAX_VALUE).toURL();
  }

  /** How many since it began. */
  long count() throws IOException {
    long count = 0;
    try (InputStream reply = calls.openStream()) {
      for (JsonNode model : JSON.readTree(reply).path("calls")) {
        count += model.path("started").asLong();
      }
    }
    return count;
  }
}
