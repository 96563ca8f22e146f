package dev.weir.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text's vector and how many tokens the text had.
 *
 * @param tokens 0 or more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Embedding(float[] vector, long tokens) {

  private static final byte FORMAT = 1;
  private static final int HEAD = 1 + Integer.BYTES;
  private static final int MOST = 65_536;

  /** Embeddings of one length as bytes, to be kept. */
  public static byte[] bytes(List<Embedding> embeddings) {
    int dimensions = embeddings.getFirst().vector().length;
    ByteBuffer bytes =
        ByteBuffer.allocate(HEAD + embeddings.size() * each(dimensions))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(FORMAT).putInt(dimensions);
    for (Embedding embedding : embeddings) {
      bytes.putInt((int) embedding.tokens());
      for (float number : embedding.vector()) {
        bytes.putFloat(number);
      }
    }
    return bytes.array();
  }

  /** Reads what {@link #bytes} wrote; empty if it did not. */
  public static Optional<List<Embedding>> read(byte[] kept) {
    ByteBuffer bytes = ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN);
    if (kept.length <= HEAD || bytes.get() != FORMAT) {
      return Optional.empty();
    }
    int dimensions = bytes.getInt();
    if (dimensions < 1 || dimensions > MOST || (kept.length - HEAD) % each(dimensions) != 0) {
      return Optional.empty();
    }
    List<Embedding> embeddings = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int tokens = bytes.getInt();
      float[] vector = new float[dimensions];
      for (int i = 0; i < dimensions; i++) {
        vector[i] = bytes.getFloat();
      }
      embeddings.add(new Embedding(vector, tokens));
    }
    return Optional.of(embeddings);
  }

  private static int each(int dimensions) {
    return Integer.BYTES + dimensions * Float.BYTES;
  }
}
