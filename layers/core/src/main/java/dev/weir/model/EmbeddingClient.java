package dev.weir.model;

import dev.weir.route.Deadline;
import java.util.List;
import java.util.OptionalLong;

/** Asks an embedding model. The adapter lives in functions/inference. Thread-safe. */
public interface EmbeddingClient {

  /** Makes exactly one attempt; returns, never throws, for every failure. */
  Reply embed(EmbeddingCall call, Deadline deadline);

  /** What became of it. */
  sealed interface Reply {

    /**
     * Every vector.
     *
     * @param vectors as many as the texts, in their order, of the length asked for
     * @param tokens of all texts together, if the model said
     */
    record Vectors(List<float[]> vectors, OptionalLong tokens) implements Reply {}

    /** None. */
    record Failed(Fault fault) implements Reply {}
  }
}
