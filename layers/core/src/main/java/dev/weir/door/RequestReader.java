package dev.weir.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a proxy event by streaming: no tree of the event is built, only the parts that doors use
 * (API Gateway developer guide, "Input format of a Lambda function for proxy integration").
 */
final class RequestReader {

  /** API Gateway's payload limit is 10 MB; base64 and JSON escapes can make an event longer. */
  private static final int LONGEST_STRING = 64 * 1024 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
          .build();

  private String method = "";
  private String resource = "";
  private Map<String, String> headers = Map.of();
  private Map<String, String> pathParameters = Map.of();
  private Map<String, String> query = Map.of();
  private String body = "";
  private boolean base64;
  private String gatewayRequestId = "";
  private Map<String, String> authorizer = Map.of();
  private String principal = "";

  private RequestReader() {}

  static Request read(InputStream event) throws IOException {
    RequestReader reader = new RequestReader();
    try (JsonParser json = JSON.createParser(event)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the event is not a JSON object");
      }
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        json.nextToken();
        reader.field(field, json);
      }
    }
    return reader.request();
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "httpMethod" -> method = json.getValueAsString("");
      case "resource" -> resource = json.getValueAsString("");
      case "headers" -> headers = strings(json, true);
      case "pathParameters" -> pathParameters = strings(json, false);
      case "queryStringParameters" -> query = strings(json, false);
      case "body" -> body = json.getValueAsString("");
      case "isBase64Encoded" -> base64 = json.getValueAsBoolean();
      case "requestContext" -> requestContext(json);
      default -> json.skipChildren();
    }
  }

  private void requestContext(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "requestId" -> gatewayRequestId = json.getValueAsString("");
        case "authorizer" -> authorizer = strings(json, false);
        case "identity" -> principal = strings(json, false).getOrDefault("userArn", "");
        default -> json.skipChildren();
      }
    }
  }

  private static Map<String, String> strings(JsonParser json, boolean lowerCaseNames)
      throws IOException {
    Map<String, String> strings = new HashMap<>();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return strings;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        strings.put(lowerCaseNames ? field.toLowerCase(Locale.ROOT) : field, json.getText());
      } else {
        json.skipChildren();
      }
    }
    return strings;
  }

  private Request request() throws IOException {
    byte[] bytes;
    try {
      bytes = base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("the event's body is not base64", e);
    }
    return new Request(
        method,
        resource,
        headers,
        query,
        pathParameters,
        bytes,
        gatewayRequestId,
        authorizer,
        principal);
  }
}
