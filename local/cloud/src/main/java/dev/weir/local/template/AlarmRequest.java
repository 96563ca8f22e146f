package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Set;

/**
 * A metric alarm's properties in PutMetricAlarm's words, which are the same; what the template
 * gives as text because a parameter says it becomes a number or a truth value.
 */
final class AlarmRequest {
  private static final Set<String> INTEGERS =
      Set.of("Period", "EvaluationPeriods", "DatapointsToAlarm");
  private static final Set<String> NUMBERS = Set.of("Threshold");
  private static final Set<String> TRUTHS = Set.of("ActionsEnabled", "ReturnData");

  private AlarmRequest() {}

  static ObjectNode of(String name, JsonNode properties) {
    return ((ObjectNode) typed(properties)).put("AlarmName", name);
  }

  private static JsonNode typed(JsonNode node) {
    if (node.isArray()) {
      var array = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> array.add(typed(item)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    var object = JsonNodeFactory.instance.objectNode();
    node.properties().forEach(it -> object.set(it.getKey(), typed(it.getKey(), it.getValue())));
    return object;
  }

  private static JsonNode typed(String name, JsonNode value) {
    if (!value.isTextual()) {
      return typed(value);
    }
    var text = value.textValue();
    if (INTEGERS.contains(name)) {
      return IntNode.valueOf(Integer.parseInt(text));
    }
    if (NUMBERS.contains(name)) {
      return DecimalNode.valueOf(new BigDecimal(text));
    }
    return TRUTHS.contains(name) ? BooleanNode.valueOf(Boolean.parseBoolean(text)) : value;
  }
}
