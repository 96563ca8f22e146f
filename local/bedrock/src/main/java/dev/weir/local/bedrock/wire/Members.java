package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** Constraints on the members of a request, refused with Bedrock's {@code ValidationException}. */
final class Members {
  private Members() {}

  static JsonNode object(JsonNode node, String path, Set<String> known) throws ErrorReply {
    if (!node.isObject()) {
      throw ErrorReply.validation("The value at '" + path + "' must be an object.");
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw ErrorReply.validation(
            "The request has a member that is not known: '" + path(path, name) + "'.");
      }
    }
    return node;
  }

  /** The name of the only member set in a union. */
  static String union(JsonNode node, String path, Set<String> known) throws ErrorReply {
    object(node, path, known);
    if (node.size() != 1) {
      throw ErrorReply.validation(
          "Exactly one member must be set at '" + path + "', found " + node.size() + ".");
    }
    return node.fieldNames().next();
  }

  static JsonNode array(JsonNode parent, String path, String name) throws ErrorReply {
    JsonNode node = parent.path(name);
    if (!node.isArray() && !node.isMissingNode()) {
      throw ErrorReply.validation("The value at '" + path(path, name) + "' must be a list.");
    }
    return node;
  }

  static String text(JsonNode parent, String path, String name) throws ErrorReply {
    JsonNode node = parent.path(name);
    if (!node.isTextual()) {
      throw ErrorReply.validation("The value at '" + path(path, name) + "' must be a string.");
    }
    return node.asText();
  }

  static String matching(JsonNode parent, String path, String name, Pattern pattern)
      throws ErrorReply {
    String value = text(parent, path, name);
    if (!pattern.matcher(value).matches()) {
      throw constraint(value, path(path, name), "satisfy regular expression pattern: " + pattern);
    }
    return value;
  }

  static String oneOf(JsonNode parent, String path, String name, List<String> values)
      throws ErrorReply {
    String value = text(parent, path, name);
    if (!values.contains(value)) {
      throw constraint(value, path(path, name), "satisfy enum value set: " + values);
    }
    return value;
  }

  /** A number from 0 to 1. */
  static OptionalDouble fraction(JsonNode parent, String path, String name) throws ErrorReply {
    JsonNode node = parent.path(name);
    if (node.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber() || !(node.asDouble() >= 0)) {
      throw constraint(node.asText(), path(path, name), "have value greater than or equal to 0");
    }
    if (!(node.asDouble() <= 1)) {
      throw constraint(node.asText(), path(path, name), "have value less than or equal to 1");
    }
    return OptionalDouble.of(node.asDouble());
  }

  static void base64(JsonNode parent, String path, String name) throws ErrorReply {
    String value = text(parent, path, name);
    try {
      if (Base64.getDecoder().decode(value).length > 0) {
        return;
      }
    } catch (IllegalArgumentException malformed) {
      // Answered below, as an empty blob is.
    }
    throw ErrorReply.validation("The value at '" + path(path, name) + "' must be base64 bytes.");
  }

  static ErrorReply constraint(String value, String path, String must) {
    return ErrorReply.validation(
        "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s"
            .formatted(value, path, must));
  }

  static String path(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }
}
