package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML or JSON as CloudFormation does: {@code !Ref X} becomes {@code {"Ref": "X"}}. */
final class Yaml {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> UNPREFIXED = Set.of("Ref", "Condition");

  private Yaml() {}

  static JsonNode read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static JsonNode parse(String text) {
    return new Compose(LoadSettings.builder().build())
        .composeString(text)
        .map(Yaml::tagged)
        .orElseGet(JSON::objectNode);
  }

  private static JsonNode tagged(Node node) {
    var tag = node.getTag().getValue();
    if (!tag.startsWith("!")) {
      return plain(node);
    }
    var name = tag.substring(1);
    var key = UNPREFIXED.contains(name) ? name : "Fn::" + name;
    var value = plain(node);
    if (name.equals("GetAtt") && value.isTextual()) {
      var list = JSON.arrayNode();
      for (var part : value.textValue().split("\\.", 2)) {
        list.add(part);
      }
      value = list;
    }
    return JSON.objectNode().set(key, value);
  }

  private static JsonNode plain(Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        sequence.getValue().forEach(item -> array.add(tagged(item)));
        yield array;
      }
      case MappingNode mapping -> {
        var object = JSON.objectNode();
        mapping
            .getValue()
            .forEach(entry ->
                object.set(
                    ((ScalarNode) entry.getKeyNode()).getValue(), tagged(entry.getValueNode())));
        yield object;
      }
      default -> throw new IllegalArgumentException("unexpected YAML: " + node);
    };
  }

  private static JsonNode scalar(ScalarNode scalar) {
    var tag = scalar.getTag();
    var text = scalar.getValue();
    if (Tag.INT.equals(tag)) {
      return JSON.numberNode(Long.parseLong(text));
    }
    if (Tag.FLOAT.equals(tag)) {
      return JSON.numberNode(Double.parseDouble(text));
    }
    if (Tag.BOOL.equals(tag)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    return Tag.NULL.equals(tag) ? JSON.nullNode() : JSON.textNode(text);
  }
}
