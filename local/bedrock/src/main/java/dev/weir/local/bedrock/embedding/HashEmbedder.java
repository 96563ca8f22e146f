package dev.weir.local.bedrock.embedding;

import dev.weir.local.bedrock.wire.ErrorReply;
import java.util.Locale;
import java.util.Set;

/**
 * Deterministic vectors for tests, by feature hashing (Weinberger et al., "Feature Hashing for
 * Large Scale Multitask Learning", 2009): texts of the same words have the same vector, in whatever
 * order and case. A word is a token.
 */
public final class HashEmbedder implements Embedder {

  private static final Set<Integer> DIMENSIONS = Set.of(64, 256, 512, 1024, 1536);
  private static final int OWN = 256;

  @Override
  public Embedded embed(String text, int dimensions) throws ErrorReply {
    int length = dimensions == 0 ? OWN : dimensions;
    if (!DIMENSIONS.contains(length)) {
      throw ErrorReply.validation("The dimensions must be one of 64, 256, 512, 1024 and 1536.");
    }
    String[] words = text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+");
    float[] vector = new float[length];
    vector[0] = 0.1f; // no text is without a direction
    for (String word : words) {
      int hash = mixed(word.hashCode());
      vector[Math.floorMod(hash, length)] += hash < 0 ? -1 : 1;
    }
    double square = 0;
    for (float each : vector) {
      square += each * each;
    }
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return new Embedded(vector, words.length);
  }

  /** The finaliser of MurmurHash3, because {@code String.hashCode} is regular in its low bits. */
  private static int mixed(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
