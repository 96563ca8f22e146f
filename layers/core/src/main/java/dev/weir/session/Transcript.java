package dev.weir.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Turns as one text, for a model that is to summarise them. */
public final class Transcript {

  private Transcript() {}

  /**
   * One line per item, the oldest first. What the system said is left out: it is kept as it is.
   * Pictures are named, not shown.
   */
  public static String of(List<Turn> turns) {
    List<String> lines = new ArrayList<>();
    for (Turn turn : turns) {
      turn.items().stream()
          .filter(item -> !item.isSystem())
          .map(item -> line(item.json()))
          .forEach(lines::add);
    }
    return String.join("\n", lines);
  }

  private static String line(JsonNode item) {
    return switch (item.path("type").asText()) {
      case "function_call" ->
          "assistant calls "
              + item.path("name").asText()
              + " "
              + item.path("arguments").asText()
              + " ("
              + item.path("call_id").asText()
              + ")";
      case "function_call_output" ->
          "tool (" + item.path("call_id").asText() + "): " + text(item.path("output"));
      default -> item.path("role").asText() + ": " + text(item.path("content"));
    };
  }

  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText();
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode part : content) {
      parts.add(
          part.path("type").asText().equals("input_image")
              ? "[image]"
              : part.path("text").asText(part.path("refusal").asText()));
    }
    return String.join(" ", parts);
  }
}
