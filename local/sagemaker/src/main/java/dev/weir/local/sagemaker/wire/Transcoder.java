package dev.weir.local.sagemaker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Copies a tree as a shape has it: members the shape does not know are left out, timestamps change
 * their form. Inside the world a timestamp is ISO 8601 text.
 */
public final class Transcoder {
  private final ServiceModel model;
  private final UnaryOperator<JsonNode> timestamp;

  private Transcoder(ServiceModel model, UnaryOperator<JsonNode> timestamp) {
    this.model = model;
    this.timestamp = timestamp;
  }

  /** From a caller into the world. */
  public static Transcoder inward(ServiceModel model) {
    return new Transcoder(model, Transcoder::text);
  }

  /** From the world to a caller in the same process, who gets ISO 8601 as Step Functions gives. */
  public static Transcoder outward(ServiceModel model) {
    return new Transcoder(model, UnaryOperator.identity());
  }

  /** From the world to AWS JSON, where a timestamp is seconds since 1970. */
  static Transcoder json(ServiceModel model) {
    return new Transcoder(
        model, text -> DoubleNode.valueOf(Instant.parse(text.asText()).toEpochMilli() / 1000.0));
  }

  /**
   * The copy.
   *
   * @param shape name of the shape; empty for an empty object
   * @throws ApiError {@code SerializationException}: a value is not of the shape's type
   */
  public JsonNode copy(String shape, JsonNode node) {
    return shape.isEmpty() ? Json.object() : copy(model.shape(shape), node, shape);
  }

  private JsonNode copy(Shape shape, JsonNode node, String at) {
    return switch (shape.type()) {
      case STRUCTURE -> structure(shape, object(node, at));
      case MAP -> map(shape, object(node, at));
      case LIST -> list(shape, node, at);
      case TIMESTAMP -> timestamp.apply(node);
      case STRING, BLOB -> require(node, node.isTextual(), at);
      case BOOLEAN -> require(node, node.isBoolean(), at);
      case INTEGER, LONG -> require(node, node.isIntegralNumber(), at);
      case FLOAT, DOUBLE -> require(node, node.isNumber() || isSpecial(node), at);
    };
  }

  private JsonNode structure(Shape shape, JsonNode node) {
    ObjectNode copy = Json.object();
    shape
        .members()
        .forEach((name, member) -> {
          JsonNode value = node.path(name);
          if (!value.isMissingNode() && !value.isNull()) {
            copy.set(name, copy(model.shape(member), value, name));
          }
        });
    return copy;
  }

  private JsonNode map(Shape shape, JsonNode node) {
    ObjectNode copy = Json.object();
    node.properties()
        .forEach(entry ->
            copy.set(entry.getKey(), copy(model.shape(shape.value()), entry.getValue(), "value")));
    return copy;
  }

  private JsonNode list(Shape shape, JsonNode node, String at) {
    ArrayNode copy = Json.array();
    require(node, node.isArray(), at)
        .forEach(element -> copy.add(copy(model.shape(shape.member()), element, at)));
    return copy;
  }

  private static JsonNode object(JsonNode node, String at) {
    return require(node, node.isObject(), at);
  }

  private static boolean isSpecial(JsonNode node) {
    return node.isTextual() && "NaN Infinity -Infinity".contains(node.asText());
  }

  private static JsonNode require(JsonNode node, boolean condition, String at) {
    if (!condition) {
      throw new ApiError("SerializationException", 400, at + " can not be " + node.getNodeType());
    }
    return node;
  }

  private static JsonNode text(JsonNode node) {
    try {
      return TextNode.valueOf(
          node.isNumber()
              ? Instant.ofEpochMilli(Math.round(node.asDouble() * 1000)).toString()
              : Instant.parse(node.asText()).toString());
    } catch (DateTimeException e) {
      throw new ApiError("SerializationException", 400, "not a timestamp: " + node.asText());
    }
  }
}
