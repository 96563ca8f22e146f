package dev.weir.route;

import dev.weir.api.EmbeddingRequest.InputType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Embedding models of Bedrock whose requests and replies have one shape. */
public enum EmbeddingFamily {
  /** Titan Text Embeddings V2. */
  TITAN_V2(1, true, false),
  /** Titan Embeddings G1 - Text. */
  TITAN_G1(1, false, false),
  /** Cohere Embed 3. */
  COHERE_V3(96, false, true),
  /** Cohere Embed 4. */
  COHERE_V4(96, true, true);

  private final int texts;
  private final boolean resizes;
  private final boolean isTyped;

  EmbeddingFamily(int texts, boolean resizes, boolean isTyped) {
    this.texts = texts;
    this.resizes = resizes;
    this.isTyped = isTyped;
  }

  static Optional<EmbeddingFamily> find(String text) {
    return Arrays.stream(values()).filter(family -> family.text().equals(text)).findFirst();
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(EmbeddingFamily::text).toList();
  }

  /** As the catalog has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The most texts of one request to Bedrock. */
  public int batch() {
    return texts;
  }

  /** Whether a request can name the length of its vectors. */
  public boolean resizes() {
    return resizes;
  }

  /** What the vectors are for when nobody says; empty where the model does not tell uses apart. */
  public Optional<InputType> inputType() {
    return isTyped ? Optional.of(InputType.SEARCH_DOCUMENT) : Optional.empty();
  }
}
