package dev.weir.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names a chat completion's fields have in the Responses API. */
public final class ResponsesNames {
  private static final Pattern MESSAGE = Pattern.compile("messages\\[(\\d+)](.*)");

  /** The longest first where one begins another. */
  private static final List<Map.Entry<String, String>> NAMES =
      List.of(
          Map.entry("messages.reasoning_content", "input.reasoning"),
          Map.entry("messages.content.image_url.detail", "input.content.detail"),
          Map.entry("messages", "input"),
          Map.entry("max_completion_tokens", "max_output_tokens"),
          Map.entry("max_tokens", "max_output_tokens"),
          Map.entry("tools.function", "tools"),
          Map.entry("tool_choice.function", "tool_choice"),
          Map.entry("response_format.json_schema", "text.format"),
          Map.entry("response_format", "text.format"),
          Map.entry("reasoning_effort", "reasoning.effort"),
          Map.entry("verbosity", "text.verbosity"));

  private static final Pattern TOOL = Pattern.compile("(tools\\[\\d+])\\.function");

  private ResponsesNames() {}

  /** The error with the field as the client wrote it. */
  public static ApiError renamed(ApiError error) {
    return renamed(error, List.of());
  }

  /**
   * The same.
   *
   * @param origins for each message the path of the item it was made of
   */
  static ApiError renamed(ApiError error, List<String> origins) {
    Optional<String> param = error.param().map(path -> name(path, origins));
    return new ApiError(
        error.status(),
        error.type(),
        error.code(),
        error.param().isEmpty()
            ? error.message()
            : error.message().replace(error.param().get(), param.orElseThrow()),
        param);
  }

  /** The name of a chat completion's field. */
  public static String name(String path) {
    return name(path, List.of());
  }

  private static String name(String path, List<String> origins) {
    Matcher message = MESSAGE.matcher(path);
    if (message.matches()) {
      int index = Integer.parseInt(message.group(1));
      String rest = message.group(2).replace(".image_url.", ".");
      return (index < origins.size() ? origins.get(index) : "input")
          + rest.replace("].url", "].image_url");
    }
    String plain = TOOL.matcher(path).replaceFirst("$1");
    for (Map.Entry<String, String> entry : NAMES) {
      if (plain.startsWith(entry.getKey())) {
        return entry.getValue() + plain.substring(entry.getKey().length());
      }
    }
    return plain;
  }
}
