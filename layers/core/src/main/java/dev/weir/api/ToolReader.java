package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tools}, {@code tool_choice} and {@code response_format}. */
final class ToolReader {
  private static final int MAX_TOOLS = 128;
  private static final int MAX_NAME = 64;
  private static final Set<String> TOOL = Set.of("type", "function", CacheControlReader.FIELD);
  private static final Set<String> FUNCTION =
      Set.of("name", "description", "parameters", "strict", CacheControlReader.FIELD);
  private static final Set<String> NAMED = Set.of("type", "function");
  private static final Set<String> NAMED_FUNCTION = Set.of("name");
  private static final Set<String> TYPE = Set.of("type");
  private static final Set<String> FORMAT = Set.of("type", "json_schema");
  private static final Set<String> SCHEMA = Set.of("name", "description", "schema", "strict");

  List<Tool> tools(Fields body) {
    List<Tool> tools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields tool : body.objects("tools")) {
      if (!tool.requiredString("type").equals("function")) {
        throw tool.unsupported("type", "Only 'function' is supported.");
      }
      Fields function = tool.only(TOOL).requiredObject("function").only(FUNCTION);
      tools.add(tool(tool, function));
      if (!names.add(tools.getLast().name())) {
        throw function.outOfRange("name", "a name no other tool has");
      }
    }
    if (tools.size() > MAX_TOOLS) {
      throw body.outOfRange("tools", "at most " + MAX_TOOLS + " tools");
    }
    return tools;
  }

  Optional<ToolChoice> choice(Fields body, List<Tool> tools) {
    Optional<ToolChoice> choice = body.value("tool_choice").map(value -> choice(body, value));
    if (choice.isEmpty()) {
      return choice;
    }
    boolean possible =
        switch (choice.get()) {
          case ToolChoice.None() -> true;
          case ToolChoice.Auto() -> true;
          case ToolChoice.Required() -> !tools.isEmpty();
          case ToolChoice.Named(String name) ->
              tools.stream().anyMatch(tool -> tool.name().equals(name));
        };
    if (!possible) {
      throw body.outOfRange("tool_choice", "a choice among the given 'tools'");
    }
    return choice;
  }

  Optional<ResponseFormat> format(Fields body) {
    Optional<Fields> format = body.object("response_format");
    if (format.isEmpty()) {
      return Optional.empty();
    }
    return switch (format.get().requiredString("type")) {
      case "text" -> {
        format.get().only(TYPE);
        yield Optional.empty();
      }
      case "json_object" -> {
        format.get().only(TYPE);
        yield Optional.of(new ResponseFormat.JsonObject());
      }
      case "json_schema" -> Optional.of(schema(format.get().only(FORMAT)));
      default -> throw format.get().outOfRange("type", "'text', 'json_object' or 'json_schema'");
    };
  }

  /** A function's {@code name}, as OpenAI and Bedrock spell them. */
  static String name(Fields function) {
    String name = function.requiredString("name");
    if (!isToken(name, "")) {
      throw function.outOfRange("name", "1 to 64 letters, digits, '_' or '-'");
    }
    return name;
  }

  /** Whether a text is 1 to 64 letters, digits, '_', '-' or one of {@code more}. */
  static boolean isToken(String text, String more) {
    return !text.isEmpty()
        && text.length() <= MAX_NAME
        && text.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || more.indexOf(c) >= 0);
  }

  private static Tool tool(Fields tool, Fields function) {
    function.flag("strict");
    Optional<ObjectNode> parameters = function.object("parameters").map(Fields::node);
    return new Tool(
        name(function),
        function.string("description").orElse(""),
        parameters.filter(node -> !node.isEmpty()).orElseGet(ToolReader::noParameters),
        CacheControlReader.read(tool).or(() -> CacheControlReader.read(function)));
  }

  private static ObjectNode noParameters() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putObject("properties");
    return schema;
  }

  private static ToolChoice choice(Fields body, JsonNode value) {
    if (value.isTextual()) {
      return switch (value.textValue()) {
        case "none" -> new ToolChoice.None();
        case "auto" -> new ToolChoice.Auto();
        case "required" -> new ToolChoice.Required();
        default -> throw body.outOfRange("tool_choice", "'none', 'auto', 'required' or a function");
      };
    }
    Fields named = body.requiredObject("tool_choice");
    if (!named.requiredString("type").equals("function")) {
      throw named.unsupported("type", "Only 'function' is supported.");
    }
    Fields function = named.only(NAMED).requiredObject("function").only(NAMED_FUNCTION);
    return new ToolChoice.Named(name(function));
  }

  private static ResponseFormat schema(Fields format) {
    Fields schema = format.requiredObject("json_schema").only(SCHEMA);
    schema.flag("strict");
    schema.string("description");
    return new ResponseFormat.JsonSchema(name(schema), schema.requiredObject("schema").node());
  }
}
