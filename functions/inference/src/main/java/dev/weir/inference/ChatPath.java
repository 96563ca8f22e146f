package dev.weir.inference;

import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.CompletionHead;
import dev.weir.inference.bedrock.BedrockClient;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.stream.CompletionFold;
import java.nio.charset.StandardCharsets;

/**
 * What {@link Priming} runs of a chat.
 *
 * @param bedrock which is not asked
 */
record ChatPath(ChatRequestReader reader, BedrockClient bedrock) implements Runnable {

  private static final byte[] REQUEST =
      """
      {"model":"none","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],
       "temperature":0,"max_tokens":1,"stream":true,"stream_options":{"include_usage":true}}
      """
          .getBytes(StandardCharsets.UTF_8);

  @Override
  public void run() {
    reader.read(REQUEST);
    CompletionFold fold = new CompletionFold(new CompletionHead("id", 0, "model"));
    fold.accept(new ModelEvent.Started());
    fold.accept(new ModelEvent.TextDelta(0, "text"));
    fold.accept(new ModelEvent.Stopped(StopReason.END_TURN));
    fold.accept(new ModelEvent.UsageReported(Usage.of(1, 1)));
    ChatCompletionWriter.bytes(fold.completion());
    bedrock.prime();
  }
}
