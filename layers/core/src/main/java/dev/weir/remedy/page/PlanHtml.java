package dev.weir.remedy.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.MissingNode;

/** A plan as people read it. */
final class PlanHtml {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private PlanHtml() {}

  /** A plan's JSON; a text that is none has no members. */
  static JsonNode read(String plan) {
    try {
      return plan.isBlank() ? MissingNode.getInstance() : JSON.readTree(plan);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** Its steps and what was there before, as HTML. */
  static String of(JsonNode plan) {
    StringBuilder html = new StringBuilder();
    if (!plan.path("steps").isEmpty()) {
      html.append("<h2>Steps</h2>\n<table>\n")
          .append("<thead><tr><th>Call</th><th>With</th><th>Undone by</th></tr></thead>\n");
      plan.path("steps")
          .forEach(step ->
              html.append(
                  "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n"
                      .formatted(
                          Html.text(step.path("api").asText()),
                          value(step.path("arguments")),
                          value(step.path("undo")))));
      html.append("</table>\n");
    }
    if (!plan.path("before").isEmpty()) {
      html.append("<h2>Before</h2>\n").append(value(plan.path("before")));
    }
    return html.toString();
  }

  /** A value as HTML: a text as it is, anything else as JSON. */
  static String value(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return value.isTextual() ? Html.text(value.asText()) : Html.preformatted(indented(value));
  }

  private static String indented(JsonNode value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
