package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A validated question to a model.
 *
 * @param system the system texts, in order
 * @param turns the conversation, one turn or more; the first is the user's and roles alternate
 * @param sampling how to answer
 * @param tools what the model may call
 * @param choice whether it must
 */
public record Prompt(
    List<String> system, List<Turn> turns, Sampling sampling, List<Tool> tools, ToolChoice choice) {

  /**
   * One turn.
   *
   * @param role {@code user} or {@code assistant}
   * @param text all its text: text blocks, the JSON of tool calls, the content of tool results
   * @param attachments how many images, documents, videos and sounds it holds
   * @param toolResults whether it holds results of tools
   */
  public record Turn(String role, String text, int attachments, boolean toolResults) {}

  /**
   * How to answer; what is absent is the model's default.
   *
   * @param maxTokens 1 or more
   * @param temperature 0 to 1
   * @param topP 0 to 1
   */
  public record Sampling(
      OptionalInt maxTokens,
      OptionalDouble temperature,
      OptionalDouble topP,
      List<String> stopSequences) {}

  /** A tool: its name, what it is for, the JSON schema of its arguments. */
  public record Tool(String name, String description, JsonNode schema) {}

  /** Whether tools must be called. */
  public sealed interface ToolChoice {

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** At least one. */
    record Any() implements ToolChoice {}

    /** This one. */
    record Named(String name) implements ToolChoice {}
  }

  /**
   * The tools a local model calls, which decides nothing: the named one; else every one, unless it
   * was left to the model and the last turn brings results.
   */
  public List<Tool> toolsToCall() {
    return switch (choice) {
      case ToolChoice.Named(String name) ->
          tools.stream().filter(tool -> tool.name().equals(name)).toList();
      case ToolChoice.Any() -> tools;
      case ToolChoice.Auto() -> turns.getLast().toolResults() ? List.of() : tools;
    };
  }

  /** The newest text of the user. */
  public String lastUserText() {
    return turns.reversed().stream()
        .filter(turn -> turn.role().equals("user"))
        .map(Turn::text)
        .findFirst()
        .orElse("");
  }
}
