package dev.weir.guard;

import java.util.List;

/**
 * The marks with which chat templates tell roles apart. Written by a client they could pass for
 * another role's turn. Masked, only the name stays: {@code <|im_start|>} becomes {@code
 * (im_start)}.
 */
final class ControlTokens {

  /** By family: ChatML and Llama 3 and their kin, Llama 2, Mistral, Gemma, DeepSeek. */
  private static final String TOKENS =
      "<\\|(?:im_(?:start|end|sep|middle)|system|user|assistant|tool|observation|developer"
          + "|endoftext|endofprompt|end_of_text|begin_of_text|eot_id|eom_id|start_header_id"
          + "|end_header_id|python_tag|fim_(?:prefix|middle|suffix|pad)|start|end|channel|message"
          + "|constrain|return|call|tool_calls?_(?:begin|end)|startoftext|eot|eos|bos|pad)\\|>"
          + "|<<(?:/)?SYS>>"
          + "|\\[/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\\]"
          + "|<(?:start|end)_of_turn>"
          + "|<\uff5c(?:begin\u2581of\u2581sentence|end\u2581of\u2581sentence|User|Assistant"
          + "|tool\u2581calls?\u2581(?:begin|end))\uff5c>";

  static final List<Detector> DETECTORS =
      List.of(new PatternDetector(TOKENS, 40, ControlTokens::name, String::length));

  private ControlTokens() {}

  private static String name(String token) {
    StringBuilder name = new StringBuilder("(");
    token
        .chars()
        .filter(c -> c == '_' || c == '/' || Character.isLetterOrDigit(c))
        .forEach(c -> name.append((char) c));
    return name.append(')').toString();
  }
}
