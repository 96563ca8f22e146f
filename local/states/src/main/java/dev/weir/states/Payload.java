package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** The size limit of inputs, outputs, arguments, results and variables. */
final class Payload {
  /** Quotas: 262,144 bytes of data as a UTF-8 encoded string. */
  static final int LIMIT = 262_144;

  private Payload() {}

  static boolean tooLarge(JsonNode value) {
    return atMost(value) > LIMIT
        && value.toString().getBytes(StandardCharsets.UTF_8).length > LIMIT;
  }

  /** The value, if it is small enough. */
  static JsonNode within(String state, JsonNode value) {
    if (tooLarge(value)) {
      throw new StateError(Failure.dataLimit(state));
    }
    return value;
  }

  /** A bound that is cheap to compute: most values are far below the limit. */
  private static long atMost(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> 2 + 6L * value.textValue().length();
      case ARRAY -> {
        long sum = 2;
        for (JsonNode element : value) {
          sum += 1 + atMost(element);
        }
        yield sum;
      }
      case OBJECT -> {
        long sum = 2;
        for (var field : value.properties()) {
          sum += 4 + 6L * field.getKey().length() + atMost(field.getValue());
        }
        yield sum;
      }
      case NUMBER -> value.asText().length();
      case BOOLEAN, NULL, BINARY, MISSING, POJO -> 5;
    };
  }
}
