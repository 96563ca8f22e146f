package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Translates {@code tools}, {@code tool_choice} and {@code text} to a chat completion's words. */
final class ResponsesTools {
  private static final List<String> FUNCTION =
      List.of("name", "description", "parameters", "strict");
  private static final Set<String> TOOL =
      Set.of("type", "name", "description", "parameters", "strict");
  private static final List<String> SCHEMA = List.of("name", "description", "schema", "strict");
  private static final Set<String> FORMAT =
      Set.of("type", "name", "description", "schema", "strict");

  private ResponsesTools() {}

  static void translate(Fields body, ObjectNode chat) {
    if (body.value("tools").isPresent()) {
      ArrayNode tools = chat.putArray("tools");
      for (Fields tool : body.objects("tools")) {
        function(tool);
        copy(tool.only(TOOL), FUNCTION, tools.addObject().put("type", "function"), "function");
      }
    }
    Optional<JsonNode> choice = body.value("tool_choice");
    if (choice.filter(JsonNode::isObject).isPresent()) {
      Fields named = body.requiredObject("tool_choice");
      function(named);
      copy(
          named.only(Set.of("type", "name")),
          List.of("name"),
          chat.putObject("tool_choice").put("type", "function"),
          "function");
    } else {
      choice.ifPresent(value -> chat.set("tool_choice", value));
    }
    body.object("text").ifPresent(text -> text(text.only(Set.of("format", "verbosity")), chat));
  }

  private static void function(Fields tool) {
    if (!tool.requiredString("type").equals("function")) {
      throw tool.unsupported("type", "Only 'function' is supported.");
    }
  }

  private static void text(Fields text, ObjectNode chat) {
    text.value("verbosity").ifPresent(verbosity -> chat.set("verbosity", verbosity));
    Optional<Fields> format = text.object("format");
    if (format.isEmpty()) {
      return;
    }
    String type = format.get().requiredString("type");
    ObjectNode chatFormat = chat.putObject("response_format").put("type", type);
    if (type.equals("json_schema")) {
      copy(format.get().only(FORMAT), SCHEMA, chatFormat, "json_schema");
    } else {
      format.get().only(Set.of("type"));
    }
  }

  private static void copy(Fields from, List<String> names, ObjectNode to, String into) {
    ObjectNode inner = to.putObject(into);
    names.forEach(name -> from.value(name).ifPresent(value -> inner.set(name, value)));
  }
}
