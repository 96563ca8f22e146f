package dev.weir.local.sagemaker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks a request against its shape, and says what AWS says when it does not fit. */
public final class Constraints {
  private final ServiceModel model;
  private final List<String> violations = new ArrayList<>();

  private Constraints(ServiceModel model) {
    this.model = model;
  }

  /**
   * Checks a request.
   *
   * @throws ApiError {@code ValidationException} that lists all violations
   */
  public static void check(ServiceModel model, String shape, JsonNode request) {
    var constraints = new Constraints(model);
    if (!shape.isEmpty()) {
      constraints.walk(model.shape(shape), request, "");
    }
    int count = constraints.violations.size();
    if (count > 0) {
      throw ApiError.validation(
          "%d validation error%s detected: %s"
              .formatted(count, count == 1 ? "" : "s", String.join("; ", constraints.violations)));
    }
  }

  /**
   * Checks some members of a structure, as somebody sets them; those that are required may be left
   * out.
   *
   * @throws ApiError there is no such member, or it does not take that value
   */
  public static void checkMembers(ServiceModel model, String structure, ObjectNode members) {
    Shape shape = model.shape(structure);
    for (Map.Entry<String, JsonNode> each : members.properties()) {
      String member = shape.members().get(each.getKey());
      if (member == null) {
        throw ApiError.validation(
            "no member '%s'; there are %s"
                .formatted(each.getKey(), new TreeSet<>(shape.members().keySet())));
      }
      check(model, member, Transcoder.inward(model).copy(member, each.getValue()));
    }
  }

  private void walk(Shape shape, JsonNode node, String path) {
    limits(shape, node, path);
    switch (shape.type()) {
      case STRUCTURE -> members(shape, node, path);
      case LIST -> {
        for (int i = 0; i < node.size(); i++) {
          walk(model.shape(shape.member()), node.get(i), path + "." + (i + 1) + ".member");
        }
      }
      case MAP ->
          node.properties()
              .forEach(entry ->
                  walk(
                      model.shape(shape.value()),
                      entry.getValue(),
                      path + "." + entry.getKey() + ".member"));
      case STRING, INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN, TIMESTAMP, BLOB -> {}
    }
  }

  private void members(Shape shape, JsonNode node, String path) {
    shape
        .members()
        .forEach((name, member) -> {
          String at = (path.isEmpty() ? "" : path + ".") + lowerFirst(name);
          if (node.has(name)) {
            walk(model.shape(member), node.get(name), at);
          } else if (shape.required().contains(name)) {
            violations.add(
                "Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
          }
        });
  }

  private void limits(Shape shape, JsonNode node, String path) {
    Shape.Limits limits = shape.limits();
    bounds(shape, node, path);
    limits
        .pattern()
        .ifPresent(pattern ->
            require(
                pattern.matcher(node.asText()).matches(),
                node,
                path,
                "satisfy regular expression pattern: " + pattern));
    require(
        limits.values().isEmpty() || limits.values().contains(node.asText()),
        node,
        path,
        "satisfy enum value set: " + limits.values());
  }

  private void bounds(Shape shape, JsonNode node, String path) {
    boolean counted = node.isTextual() || node.isContainerNode();
    String of = counted ? "have length" : "have value";
    double size =
        node.isTextual() ? node.asText().length() : counted ? node.size() : node.asDouble();
    shape
        .limits()
        .min()
        .ifPresent(min ->
            require(size >= min, node, path, of + " greater than or equal to " + (long) min));
    shape
        .limits()
        .max()
        .ifPresent(
            max -> require(size <= max, node, path, of + " less than or equal to " + (long) max));
  }

  private void require(boolean condition, JsonNode node, String path, String must) {
    if (!condition) {
      String value = node.isValueNode() ? node.asText() : node.toString();
      violations.add(
          "Value '%s' at '%s' failed to satisfy constraint: Member must %s"
              .formatted(value, path, must));
    }
  }

  private static String lowerFirst(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
