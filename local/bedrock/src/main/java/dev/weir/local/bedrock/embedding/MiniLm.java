package dev.weir.local.bedrock.embedding;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.model.output.TokenUsage;
import dev.weir.local.bedrock.wire.ErrorReply;
import java.util.List;
import java.util.Optional;

/**
 * all-MiniLM-L6-v2, quantised: a real model of 23 million parameters, 384 dimensions, made for
 * English. Loaded at the first text, in about a second and 240 MB.
 */
public final class MiniLm implements Embedder {

  private static final int DIMENSIONS = 384;

  private static final class Loaded {
    // Its own pool would have a thread per processor, each running the model at once.
    static final AllMiniLmL6V2QuantizedEmbeddingModel MODEL =
        new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
  }

  @Override
  public Embedded embed(String text, int dimensions) throws ErrorReply {
    if (dimensions != 0 && dimensions != DIMENSIONS) {
      throw ErrorReply.validation("The model has vectors of 384 dimensions.");
    }
    var reply = Loaded.MODEL.embedAll(List.of(TextSegment.from(text)));
    return new Embedded(
        reply.content().getFirst().vector(),
        Optional.ofNullable(reply.tokenUsage()).map(TokenUsage::inputTokenCount).orElse(0));
  }
}
