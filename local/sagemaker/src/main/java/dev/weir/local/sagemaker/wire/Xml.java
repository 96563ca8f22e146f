package dev.weir.local.sagemaker.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

/** Replies in AWS Query's XML. */
final class Xml {
  private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

  private final StringBuilder text = new StringBuilder(512);

  private Xml() {}

  static byte[] reply(String operation, boolean hasResult, JsonNode result, String requestId) {
    Xml xml = new Xml();
    xml.open(operation + "Response xmlns=\"" + NAMESPACE + "\"");
    if (hasResult) {
      xml.element(operation + "Result", result);
    }
    xml.open("ResponseMetadata").leaf("RequestId", requestId).close("ResponseMetadata");
    return xml.close(operation + "Response").text.toString().getBytes(UTF_8);
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

  private void element(String name, JsonNode node) {
    if (node.isObject()) {
      open(name);
      node.properties().forEach(entry -> element(entry.getKey(), entry.getValue()));
      close(name);
    } else if (node.isArray()) {
      open(name);
      node.forEach(member -> element("member", member));
      close(name);
    } else {
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
