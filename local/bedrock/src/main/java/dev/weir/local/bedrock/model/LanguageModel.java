package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Prompt;

/** Something that answers. Thread-safe. */
public sealed interface LanguageModel permits ScriptedModel, GgufModel, QueuedModel {

  /** The tokens of a prompt, as this model counts them. */
  int countTokens(Prompt prompt) throws ErrorReply;

  /**
   * Answers with ConverseStream events, from {@code messageStart} to {@code metadata}.
   *
   * @throws ErrorReply before the first event: the model refuses the prompt
   */
  void answer(Prompt prompt, AnswerSink sink) throws AnswerEnded, ErrorReply;
}
