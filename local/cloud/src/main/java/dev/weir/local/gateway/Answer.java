package dev.weir.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.http.Headers;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The status, headers and first bytes that a function answered.
 *
 * @param body the whole body, or what of a streamed one came with the prelude
 */
record Answer(int status, Headers headers, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> OWN =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive");

  /** A proxy result; empty when it is malformed. */
  static Optional<Answer> ofProxyResult(byte[] result, String requestId) {
    return read(result)
        .flatMap(node -> {
          var text = node.path("body").asText("").getBytes(UTF_8);
          try {
            var body =
                node.path("isBase64Encoded").asBoolean() ? Base64.getDecoder().decode(text) : text;
            return Optional.of(of(node, body, requestId));
          } catch (IllegalArgumentException e) {
            return Optional.empty();
          }
        });
  }

  /** A streamed result's prelude; empty when it is malformed. */
  static Optional<Answer> ofPrelude(byte[] prelude, byte[] first, String requestId) {
    return read(prelude).map(node -> of(node, first, requestId));
  }

  private static Optional<JsonNode> read(byte[] json) {
    try {
      var node = JSON.readTree(json);
      int status = node.path("statusCode").asInt();
      return status >= 100 && status <= 599 ? Optional.of(node) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Answer of(JsonNode node, byte[] body, String requestId) {
    var headers = new Headers();
    var multi = node.path("multiValueHeaders");
    for (var header : node.path("headers").properties()) {
      if (isForwarded(header.getKey()) && !multi.has(header.getKey())) {
        headers.add(header.getKey(), header.getValue().asText());
      }
    }
    for (var header : multi.properties()) {
      if (isForwarded(header.getKey())) {
        header.getValue().forEach(value -> headers.add(header.getKey(), value.asText()));
      }
    }
    node.path("cookies").forEach(cookie -> headers.add("Set-Cookie", cookie.asText()));
    if (headers.last("Content-Type").isEmpty()) {
      headers.add("Content-Type", "application/json");
    }
    headers.set("x-amzn-RequestId", requestId);
    return new Answer(node.path("statusCode").asInt(), headers, body);
  }

  private static boolean isForwarded(String name) {
    return !OWN.contains(name.toLowerCase(Locale.ROOT));
  }
}
