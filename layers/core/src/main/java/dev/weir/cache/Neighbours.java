package dev.weir.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The questions of one partition, newest first and no more than fit in {@link #MOST_BYTES}: each
 * with its vector, its slots and the name of its answer. Immutable.
 */
record Neighbours(List<Neighbour> all) {

  static final Neighbours NONE = new Neighbours(List.of());

  /** What the item of a partition may hold: it is read and written whole. */
  static final int MOST_BYTES = 32_000;

  static final int MOST = 64;
  private static final byte FORMAT = 2;

  /**
   * A question that has an answer.
   *
   * @param vector quantised
   * @param answer digest of the answer's key
   * @param untilMillis epoch milliseconds from which on it is not served
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Neighbour(byte[] vector, Slots slots, String answer, long untilMillis) {

    int size() {
      return 4 + vector.length + 32 + 64 + 8;
    }
  }

  /** A neighbour and how near it is. */
  record Near(Neighbour neighbour, double cosine) {}

  /** The nearest that is at least so near, live and has the same slots. */
  Optional<Near> nearest(byte[] vector, Slots slots, double threshold, long nowMillis) {
    return all.stream()
        .filter(each -> each.untilMillis() > nowMillis && each.slots().equals(slots))
        .map(each -> new Near(each, Quantised.cosine(each.vector(), vector)))
        .filter(near -> near.cosine() >= threshold)
        .max(Comparator.comparingDouble(Near::cosine));
  }

  /** With one more, without those that are over, without the oldest where they do not fit. */
  Neighbours with(Neighbour newest, long nowMillis) {
    List<Neighbour> kept = new ArrayList<>(List.of(newest));
    int bytes = newest.size();
    for (Neighbour each : all) {
      bytes += each.size();
      boolean isReplaced = each.answer().equals(newest.answer());
      if (each.untilMillis() > nowMillis && !isReplaced && kept.size() < MOST) {
        if (bytes > MOST_BYTES) {
          break;
        }
        kept.add(each);
      }
    }
    return new Neighbours(List.copyOf(kept));
  }

  byte[] bytes() {
    int size = 1 + all.stream().mapToInt(Neighbour::size).sum();
    ByteBuffer bytes = ByteBuffer.allocate(size).put(FORMAT);
    for (Neighbour each : all) {
      bytes.putInt(each.vector().length).put(each.vector());
      bytes.put(each.slots().digest().getBytes(StandardCharsets.US_ASCII));
      bytes.put(each.answer().getBytes(StandardCharsets.US_ASCII)).putLong(each.untilMillis());
    }
    return bytes.array();
  }

  /** Reads what {@link #bytes} wrote; none of what it did not. */
  static Neighbours read(byte[] kept) {
    ByteBuffer bytes = ByteBuffer.wrap(kept);
    if (kept.length == 0 || bytes.get() != FORMAT) {
      return NONE;
    }
    List<Neighbour> all = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] vector = new byte[bytes.getInt()];
      bytes.get(vector);
      all.add(new Neighbour(vector, new Slots(text(bytes, 32)), text(bytes, 64), bytes.getLong()));
    }
    return new Neighbours(List.copyOf(all));
  }

  private static String text(ByteBuffer bytes, int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
