package dev.weir.states.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads fields that may hold expressions, and refuses expressions that could never do there. */
final class TemplateReader {
  /** What every field may read of {@code $states}. */
  static final Set<String> PLAIN = Set.of("input", "context");

  /** In Assign and Output of a state that has a result. */
  static final Set<String> WITH_RESULT = Set.of("input", "context", "result");

  /** In Assign and Output of a catcher. */
  static final Set<String> WITH_ERROR = Set.of("input", "context", "errorOutput");

  private TemplateReader() {}

  static Optional<Template> optional(ObjectReader reader, String field, Set<String> states) {
    return reader
        .take(field)
        .map(value -> template(reader.refusals(), reader.at(field), value, states));
  }

  static Template required(ObjectReader reader, String field, Set<String> states) {
    return optional(reader, field, states)
        .orElseGet(() -> {
          reader.refuse(field, "Field is required");
          return new Template.Literal(NullNode.instance);
        });
  }

  /** Assign and Output. */
  static State.Shape shape(ObjectReader reader, Set<String> states) {
    Map<String, Template> assign = new LinkedHashMap<>();
    reader
        .object("Assign")
        .ifPresent(fields ->
            fields
                .names()
                .forEach(name -> {
                  variable(fields, name);
                  assign.put(name, required(fields, name, states));
                }));
    return new State.Shape(assign, optional(reader, "Output", states));
  }

  /**
   * A whole number or an expression.
   *
   * <p>What an expression gives is checked when it is evaluated.
   */
  static Optional<Template> number(ObjectReader reader, String field, int least) {
    Optional<Template> template = optional(reader, field, PLAIN);
    if (template.isPresent()
        && template.get() instanceof Template.Literal(JsonNode value)
        && !(value.isInt() && value.intValue() >= least && value.intValue() <= 99_999_999)) {
      reader.refuse(
          field,
          "Expected a whole number %d..99999999 or an expression, not %s".formatted(least, value));
    }
    return template;
  }

  /**
   * Developer guide, "Variable naming": an identifier of up to 80 characters, not {@code states}.
   */
  private static void variable(ObjectReader fields, String name) {
    boolean identifier =
        !name.isEmpty()
            && Character.isUnicodeIdentifierStart(name.codePointAt(0))
            && name.codePoints().allMatch(Character::isUnicodeIdentifierPart);
    if (!identifier || name.codePointCount(0, name.length()) > 80) {
      fields.refuse(name, "Variable names are identifiers of at most 80 characters");
    }
    if (name.equals("states")) {
      fields.refuse(name, "The variable $states is reserved");
    }
  }

  private static Template template(
      Refusals refusals, String location, JsonNode value, Set<String> states) {
    return switch (value.getNodeType()) {
      case STRING -> text(refusals, location, value, states);
      case OBJECT -> {
        Map<String, Template> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          String at = location + "/" + entry.getKey();
          if (entry.getKey().endsWith(".$")) {
            refusals.add(at, "Field is JSONPath; only JSONata is supported");
          }
          fields.put(entry.getKey(), template(refusals, at, entry.getValue(), states));
        }
        yield literal(fields.values()) ? new Template.Literal(value) : new Template.Fields(fields);
      }
      case ARRAY -> {
        List<Template> elements = new ArrayList<>();
        for (JsonNode element : value) {
          elements.add(template(refusals, location + "[" + elements.size() + "]", element, states));
        }
        yield literal(elements) ? new Template.Literal(value) : new Template.Elements(elements);
      }
      case NUMBER, BOOLEAN, NULL, BINARY, MISSING, POJO -> new Template.Literal(value);
    };
  }

  private static boolean literal(Iterable<Template> templates) {
    for (Template template : templates) {
      if (!(template instanceof Template.Literal)) {
        return false;
      }
    }
    return true;
  }

  private static Template text(
      Refusals refusals, String location, JsonNode value, Set<String> states) {
    String text = value.textValue();
    if (!text.startsWith("{%")) {
      return new Template.Literal(value);
    }
    if (!text.endsWith("%}") || text.length() < 4) {
      refusals.add(location, "A string that starts with {% ends with %}");
      return new Template.Literal(value);
    }
    try {
      Expression expression = new Expression(text.substring(2, text.length() - 2).strip());
      check(refusals, location, expression, states);
      return new Template.Computed(expression);
    } catch (IllegalArgumentException e) {
      refusals.add(location, String.valueOf(e.getMessage()));
      return new Template.Literal(value);
    }
  }

  /** Developer guide, "Transforming data with JSONata" and "Reserved variable: $states". */
  private static void check(
      Refusals refusals, String location, Expression expression, Set<String> states) {
    if (expression.variables().contains("eval")) {
      refusals.add(location, "$eval is not available in Step Functions; use $parse");
    }
    for (String read : expression.contextReads()) {
      refusals.add(location, "'" + read + "' reads a context item, and there is none here");
    }
    for (String field : expression.states()) {
      if (!states.contains(field)) {
        refusals.add(location, "$states." + field + " is not available here");
      }
    }
  }
}
