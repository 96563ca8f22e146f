package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Prompt.Tool;
import dev.weir.local.bedrock.wire.Prompt.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tools of a request.
 *
 * @param isConfigured whether the request has a {@code toolConfig}
 */
record ToolReader(boolean isConfigured, List<Tool> tools, ToolChoice choice) {
  static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final String PATH = "toolConfig";

  static ToolReader of(JsonNode body) throws ErrorReply {
    if (!body.has(PATH)) {
      return new ToolReader(false, List.of(), new ToolChoice.Auto());
    }
    JsonNode config = Members.object(body.path(PATH), PATH, Set.of("tools", "toolChoice"));
    List<Tool> tools = tools(config);
    return new ToolReader(true, tools, choice(config, tools));
  }

  private static List<Tool> tools(JsonNode config) throws ErrorReply {
    List<Tool> tools = new ArrayList<>();
    int index = 0;
    for (JsonNode node : Members.array(config, PATH, "tools")) {
      String path = PATH + ".tools." + index++;
      String kind = Members.union(node, path, Set.of("toolSpec", "cachePoint"));
      if (kind.equals("toolSpec")) {
        tools.add(tool(node.path(kind), path + ".toolSpec", tools));
      }
    }
    if (tools.isEmpty()) {
      throw Members.constraint("[]", PATH + ".tools", "have length greater than or equal to 1");
    }
    return List.copyOf(tools);
  }

  private static Tool tool(JsonNode spec, String path, List<Tool> before) throws ErrorReply {
    Members.object(spec, path, Set.of("name", "description", "inputSchema"));
    String name = Members.matching(spec, path, "name", NAME);
    if (before.stream().anyMatch(tool -> tool.name().equals(name))) {
      throw ErrorReply.validation("The tool '" + name + "' is defined more than once.");
    }
    if (spec.has("description") && Members.text(spec, path, "description").isEmpty()) {
      throw Members.constraint("", path + ".description", "have length greater than or equal to 1");
    }
    JsonNode schema = spec.path("inputSchema").path("json");
    if (!schema.isObject() || !schema.path("type").asText("").equals("object")) {
      throw ErrorReply.validation(
          "The value at '%s.inputSchema.json.type' must be one of the following: object."
              .formatted(path));
    }
    return new Tool(name, spec.path("description").asText(""), schema);
  }

  private static ToolChoice choice(JsonNode config, List<Tool> tools) throws ErrorReply {
    if (!config.has("toolChoice")) {
      return new ToolChoice.Auto();
    }
    String path = PATH + ".toolChoice";
    JsonNode choice = config.path("toolChoice");
    return switch (Members.union(choice, path, Set.of("auto", "any", "tool"))) {
      case "auto" -> new ToolChoice.Auto();
      case "any" -> new ToolChoice.Any();
      default -> named(Members.text(choice.path("tool"), path + ".tool", "name"), tools);
    };
  }

  private static ToolChoice named(String name, List<Tool> tools) throws ErrorReply {
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw ErrorReply.validation("The tool '" + name + "' of toolChoice is not in toolConfig.");
    }
    return new ToolChoice.Named(name);
  }
}
