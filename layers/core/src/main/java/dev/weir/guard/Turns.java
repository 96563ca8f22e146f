package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts that a model may read as one: all of the system's, and those that one side says before the
 * other answers. Providers make one turn of them, however many messages and parts they came in.
 */
final class Turns {

  private static final String SYSTEM = "system";
  private static final String ASSISTANT = "assistant";

  private final List<String> system = new ArrayList<>();
  private final List<List<String>> said = new ArrayList<>();
  private String side = "";

  private Turns() {}

  /** Each turn's texts, in order; none is blank. */
  static List<List<String>> of(JsonNode messages) {
    Turns turns = new Turns();
    messages.forEach(turns::add);
    turns.said.add(turns.system);
    return turns.said;
  }

  private void add(JsonNode message) {
    List<String> texts = texts(message);
    String from = side(message.path("role").asText());
    if (from.equals(SYSTEM)) {
      system.addAll(texts);
      return;
    }
    // A message that says nothing parts nothing: it is left out upstream.
    if (texts.isEmpty() && message.path("tool_calls").isEmpty() && from.equals(ASSISTANT)) {
      return;
    }
    if (!side.equals(from)) {
      side = from;
      said.add(new ArrayList<>());
    }
    said.getLast().addAll(texts);
  }

  private static String side(String role) {
    return switch (role) {
      case SYSTEM, "developer" -> SYSTEM;
      case ASSISTANT -> ASSISTANT;
      default -> "user"; // and tools' results
    };
  }

  private static List<String> texts(JsonNode message) {
    List<String> texts = new ArrayList<>();
    JsonNode content = message.path("content");
    text(content).ifPresent(texts::add);
    if (content.isArray()) {
      for (JsonNode part : content) {
        text(part.path("text")).or(() -> text(part.path("refusal"))).ifPresent(texts::add);
      }
    }
    text(message.path("refusal")).ifPresent(texts::add);
    return texts;
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node.asText()).filter(text -> node.isTextual() && !text.isBlank());
  }
}
