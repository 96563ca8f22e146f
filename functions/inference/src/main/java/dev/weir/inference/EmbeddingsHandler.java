package dev.weir.inference;

/** {@code POST /v1/embeddings}. */
public final class EmbeddingsHandler extends PrimedDoor {

  /** Wired from the function's environment variables. */
  public EmbeddingsHandler() {
    super(
        Wiring.fromEnvironment(),
        "embeddings",
        wiring -> wiring.embeddingFlow()::serve,
        Wiring::embeddingPriming);
  }
}
