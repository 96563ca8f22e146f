package dev.weir.local.sagemaker.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

/** Replies in AWS Query's XML. */
final class Xml {
  private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

  private final StringBuilder text = new StringBuilder(512);

  private Xml() {}

  static byte[] reply(
      ServiceModel model, ServiceModel.Operation operation, JsonNode result, String requestId) {
    Xml xml = new Xml();
    xml.open(operation.name() + "Response xmlns=\"" + NAMESPACE + "\"");
    if (!operation.output().isEmpty()) {
      xml.element(model, operation.output(), operation.name() + "Result", result);
    }
    xml.open("ResponseMetadata").leaf("RequestId", requestId).close("ResponseMetadata");
    return xml.close(operation.name() + "Response").text.toString().getBytes(UTF_8);
  }

  static byte[] error(ApiError error, String requestId) {
    Xml xml = new Xml();
    xml.open("ErrorResponse xmlns=\"" + NAMESPACE + "\"").open("Error");
    xml.leaf("Type", error.status() < 500 ? "Sender" : "Receiver").leaf("Code", code(error.type()));
    xml.leaf("Message", error.message()).close("Error").leaf("RequestId", requestId);
    return xml.close("ErrorResponse").text.toString().getBytes(UTF_8);
  }

  /** What AWS Query calls the errors that no model names. */
  private static String code(String type) {
    return switch (type) {
      case "ValidationException" -> "ValidationError";
      case "ThrottlingException" -> "Throttling";
      case "AccessDeniedException" -> "AccessDenied";
      default -> type;
    };
  }

  private void element(ServiceModel model, String shapeName, String name, JsonNode node) {
    Shape shape = model.shape(shapeName);
    switch (shape.type()) {
      case STRUCTURE -> {
        open(name);
        shape
            .members()
            .forEach((member, of) -> {
              if (node.has(member)) {
                element(model, of, member, node.path(member));
              }
            });
        close(name);
      }
      case LIST -> {
        open(name);
        node.forEach(each -> element(model, shape.member(), "member", each));
        close(name);
      }
      case MAP -> {
        open(name);
        for (var entry : node.properties()) {
          open("entry").leaf("key", entry.getKey());
          element(model, shape.value(), "value", entry.getValue());
          close("entry");
        }
        close(name);
      }
      case STRING, INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN, TIMESTAMP, BLOB ->
          leaf(name, node.asText());
    }
  }

  private Xml open(String name) {
    text.append('<').append(name).append('>');
    return this;
  }

  private Xml close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  private Xml leaf(String name, String value) {
    open(name);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        default -> text.append(c);
      }
    }
    return close(name);
  }
}
