package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.Prompt;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The chat format SmolLM2-Instruct was trained with (ChatML). */
final class ChatTemplate {
  /** The model card's own system prompt. */
  private static final String SYSTEM =
      "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

  /** The tokenizer's special tokens: in a client's text they would forge turns. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "<\\|[a-z_]+\\|>|<(?:repo_?name|file_sep|filename|gh_stars|issue_(?:start|comment|closed)"
              + "|jupyter_(?:start|text|code|output|script)|empty_output)>");

  private ChatTemplate() {}

  /** The text to complete. */
  static String of(Prompt prompt) {
    StringBuilder text = new StringBuilder();
    turn(text, "system", system(prompt));
    prompt.turns().forEach(turn -> turn(text, turn.role(), turn.text()));
    return text.append("<|im_start|>assistant\n").toString();
  }

  private static String system(Prompt prompt) {
    String system = prompt.system().isEmpty() ? SYSTEM : String.join("\n", prompt.system());
    List<Prompt.Tool> tools = prompt.toolsToCall();
    return tools.isEmpty()
        ? system
        : system + "\nAnswer with a JSON call of the best tool.\n" + described(tools);
  }

  private static String described(List<Prompt.Tool> tools) {
    return tools.stream()
        .map(tool ->
            tool.name() + ": " + tool.description() + " " + tool.schema().path("properties"))
        .collect(Collectors.joining("\n"));
  }

  private static void turn(StringBuilder text, String role, String content) {
    text.append("<|im_start|>")
        .append(role)
        .append('\n')
        .append(withoutControlTokens(content))
        .append("<|im_end|>\n");
  }

  /** Repeats, for taking one token out may join the parts of another. */
  private static String withoutControlTokens(String text) {
    String before = text;
    String after = CONTROL.matcher(before).replaceAll("");
    while (!after.equals(before)) {
      before = after;
      after = CONTROL.matcher(before).replaceAll("");
    }
    return after;
  }
}
