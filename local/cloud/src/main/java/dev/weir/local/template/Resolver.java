package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Evaluates CloudFormation's intrinsic functions. {@code AWS::NoValue} is a missing node and takes
 * its property away.
 */
final class Resolver {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  private final JsonNode template;
  private final References references;
  private final Path folder;

  /**
   * @param folder what {@code AWS::Include} locations are relative to
   */
  Resolver(JsonNode template, References references, Path folder) {
    this.template = template;
    this.references = references;
    this.folder = folder;
  }

  /** The node with every intrinsic function in it evaluated. */
  JsonNode resolve(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> object.size() == 1 ? single(object) : object(object);
      case ArrayNode array -> array(array);
      default -> node;
    };
  }

  /** Whether the named condition holds. */
  boolean holds(String condition) {
    var definition = template.path("Conditions").path(condition);
    if (definition.isMissingNode()) {
      throw new IllegalArgumentException("unknown condition " + condition);
    }
    return resolve(definition).asBoolean();
  }

  private ObjectNode object(ObjectNode object) {
    var resolved = JSON.objectNode();
    object
        .properties()
        .forEach(member -> {
          var value = resolve(member.getValue());
          if (!value.isMissingNode()) {
            resolved.set(member.getKey(), value);
          }
        });
    return resolved;
  }

  private ArrayNode array(ArrayNode array) {
    var resolved = JSON.arrayNode();
    for (var item : array) {
      var value = resolve(item);
      if (!value.isMissingNode()) {
        resolved.add(value);
      }
    }
    return resolved;
  }

  private JsonNode single(ObjectNode object) {
    var member = object.properties().iterator().next();
    var argument = member.getValue();
    return switch (member.getKey()) {
      case "Ref" -> references.ref(argument.asText());
      case "Condition" ->
          argument.isTextual() ? JSON.booleanNode(holds(argument.asText())) : object(object);
      case "Fn::If" -> resolve(argument.get(holds(argument.get(0).asText()) ? 1 : 2));
      case "Fn::And" -> JSON.booleanNode(all(argument).stream().allMatch(JsonNode::asBoolean));
      case "Fn::Or" -> JSON.booleanNode(all(argument).stream().anyMatch(JsonNode::asBoolean));
      case "Fn::Not" -> JSON.booleanNode(!resolve(argument.get(0)).asBoolean());
      case "Fn::Equals" -> JSON.booleanNode(text(argument.get(0)).equals(text(argument.get(1))));
      case "Fn::GetAtt" -> references.attribute(dotted(argument));
      case "Fn::Sub" -> JSON.textNode(substitute(argument));
      case "Fn::Join" ->
          JSON.textNode(
              all(resolve(argument.get(1))).stream()
                  .map(JsonNode::asText)
                  .collect(Collectors.joining(argument.get(0).asText())));
      case "Fn::Split" -> split(argument);
      case "Fn::Select" -> resolve(argument.get(1)).path(Integer.parseInt(text(argument.get(0))));
      case "Fn::FindInMap" -> find(argument);
      case "Fn::Base64" ->
          JSON.textNode(
              Base64.getEncoder().encodeToString(text(argument).getBytes(StandardCharsets.UTF_8)));
      case "Fn::GetAZs" -> JSON.arrayNode().add("a").add("b").add("c");
      case "Fn::Transform" -> include(argument);
      default -> object(object);
    };
  }

  private List<JsonNode> all(JsonNode array) {
    var items = new ArrayList<JsonNode>();
    array.forEach(item -> items.add(resolve(item)));
    return items;
  }

  private String text(JsonNode node) {
    return resolve(node).asText();
  }

  private static String dotted(JsonNode argument) {
    return argument.isTextual()
        ? argument.asText()
        : argument.get(0).asText() + "." + argument.get(1).asText();
  }

  private String substitute(JsonNode argument) {
    var text = argument.isArray() ? argument.get(0).asText() : argument.asText();
    var variables = argument.isArray() ? argument.get(1) : JSON.objectNode();
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), variables)));
  }

  private String value(String name, JsonNode variables) {
    if (name.startsWith("!")) {
      return "${" + name.substring(1) + "}";
    }
    if (variables.has(name)) {
      return text(variables.get(name));
    }
    return (name.contains(".") ? references.attribute(name) : references.ref(name)).asText();
  }

  private JsonNode split(JsonNode argument) {
    var parts = JSON.arrayNode();
    for (var part : text(argument.get(1)).split(Pattern.quote(argument.get(0).asText()), -1)) {
      parts.add(part);
    }
    return parts;
  }

  private JsonNode find(JsonNode argument) {
    var found =
        template
            .path("Mappings")
            .path(text(argument.get(0)))
            .path(text(argument.get(1)))
            .path(text(argument.get(2)));
    return found.isMissingNode() ? resolve(argument.path(3).path("DefaultValue")) : found;
  }

  private JsonNode include(JsonNode argument) {
    if (!argument.path("Name").asText().equals("AWS::Include")) {
      return MissingNode.getInstance();
    }
    try {
      var location = text(argument.path("Parameters").path("Location"));
      return resolve(Yaml.read(folder.resolve(location)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
