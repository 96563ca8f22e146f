package dev.weir.route;

import java.time.Duration;

/**
 * When the answer to a similar question is an answer.
 *
 * @param threshold least cosine of both questions' vectors, above 0.5 and up to 1
 * @param embedding the model that makes the vectors
 * @param timeToLive how long a question is remembered; its answer may be over before
 */
public record Similar(double threshold, EmbeddingModel embedding, Duration timeToLive) {

  /** Length of the vectors: the embedding model's own. */
  public int dimensions() {
    return embedding.dimensions().getFirst();
  }
}
