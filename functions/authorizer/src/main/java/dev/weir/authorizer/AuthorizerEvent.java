package dev.weir.authorizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A REQUEST authorizer's event, reduced to what decides (API Gateway developer guide, "Input to an
 * API Gateway Lambda authorizer").
 *
 * @param authorizations every value of the Authorization header
 */
record AuthorizerEvent(String methodArn, List<String> authorizations) {

  private static final JsonFactory JSON = new JsonFactory();

  static AuthorizerEvent read(InputStream input) throws IOException {
    String methodArn = "";
    List<String> single = new ArrayList<>();
    List<String> multi = new ArrayList<>();
    try (JsonParser json = JSON.createParser(input)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the event is not a JSON object");
      }
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        json.nextToken();
        switch (field) {
          case "methodArn" -> methodArn = json.getValueAsString("");
          case "headers" -> authorizations(json, single);
          case "multiValueHeaders" -> authorizations(json, multi);
          default -> json.skipChildren();
        }
      }
    }
    return new AuthorizerEvent(methodArn, multi.isEmpty() ? single : multi);
  }

  private static void authorizations(JsonParser json, List<String> values) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      if (!name.equalsIgnoreCase("authorization")) {
        json.skipChildren();
      } else if (token == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          values.add(json.getValueAsString(""));
        }
      } else {
        values.add(json.getValueAsString(""));
      }
    }
  }

  /** The header's value where there is exactly one. */
  Optional<String> authorization() {
    return authorizations.size() == 1 ? Optional.of(authorizations.getFirst()) : Optional.empty();
  }
}
