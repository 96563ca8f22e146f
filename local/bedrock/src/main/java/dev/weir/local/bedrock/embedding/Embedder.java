package dev.weir.local.bedrock.embedding;

import dev.weir.local.bedrock.wire.ErrorReply;

/** A model that turns texts into vectors. Thread-safe. */
public sealed interface Embedder permits HashEmbedder, MiniLm {

  /**
   * A text's vector.
   *
   * @param tokens of the text, as the model counts them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Embedded(float[] vector, int tokens) {}

  /**
   * Embeds one text that is not empty.
   *
   * @param dimensions length of the vector; 0 for the model's own
   * @throws ErrorReply where the model has no vectors of this length
   */
  Embedded embed(String text, int dimensions) throws ErrorReply;
}
