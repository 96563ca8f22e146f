package dev.weir.states.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A field's value: JSON in which strings between {@code {%} and {@code %}} are expressions. */
public sealed interface Template {

  /**
   * The value.
   *
   * @param location the field, such as {@code Output}, for messages
   * @throws EvaluationException as {@link Expression} has it
   */
  JsonNode evaluate(Environment environment, String location);

  /** Every expression in it. */
  Stream<Expression> expressions();

  /**
   * The value, which must be of that type.
   *
   * @throws EvaluationException also if it is of another type
   */
  default JsonNode evaluate(Environment environment, String location, JsonNodeType type) {
    JsonNode value = evaluate(environment, location);
    if (value.getNodeType() != type) {
      throw unexpected(location, name(type), value);
    }
    return value;
  }

  /**
   * The value as a whole number from {@code least} to 99,999,999, the most that Step Functions
   * takes for any number of seconds.
   *
   * @throws EvaluationException also if it is none
   */
  default int whole(Environment environment, String location, int least) {
    JsonNode value = evaluate(environment, location);
    if (!value.isIntegralNumber() || value.longValue() < least || value.longValue() > 99_999_999) {
      throw unexpected(location, "integer", value);
    }
    return value.intValue();
  }

  private EvaluationException unexpected(String location, String expected, JsonNode value) {
    String what =
        "returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
            .formatted(expected, name(value.getNodeType()), value);
    return this instanceof Computed(Expression expression)
        ? expression.refuse(location, what)
        : new EvaluationException(location, "The field '" + location + "' " + what);
  }

  private static String name(JsonNodeType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** JSON without expressions. */
  record Literal(JsonNode value) implements Template {
    @Override
    public JsonNode evaluate(Environment environment, String location) {
      return value;
    }

    @Override
    public Stream<Expression> expressions() {
      return Stream.empty();
    }
  }

  /** One expression. */
  record Computed(Expression expression) implements Template {
    @Override
    public JsonNode evaluate(Environment environment, String location) {
      return expression.evaluate(environment, location);
    }

    @Override
    public Stream<Expression> expressions() {
      return Stream.of(expression);
    }
  }

  /** An object; its keys are never expressions. */
  record Fields(Map<String, Template> fields) implements Template {
    @Override
    public JsonNode evaluate(Environment environment, String location) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      fields.forEach(
          (name, value) -> object.set(name, value.evaluate(environment, location + "/" + name)));
      return object;
    }

    @Override
    public Stream<Expression> expressions() {
      return fields.values().stream().flatMap(Template::expressions);
    }
  }

  /** An array. */
  record Elements(List<Template> elements) implements Template {
    @Override
    public JsonNode evaluate(Environment environment, String location) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < elements.size(); i++) {
        array.add(elements.get(i).evaluate(environment, location + "[" + i + "]"));
      }
      return array;
    }

    @Override
    public Stream<Expression> expressions() {
      return elements.stream().flatMap(Template::expressions);
    }
  }
}
