package dev.weir.admission;

/**
 * A call's hold on a concurrency slot, as the tenant's item keeps it. It says when the call was
 * admitted, so that whoever finds it can tell which slot and budget windows it was charged to.
 *
 * @param admitted the admitting caller's clock, epoch milliseconds
 * @param seconds how long it may be held
 */
record Lease(long admitted, long seconds) {

  private static final int RADIX = 36;

  static Lease parse(String text) {
    int colon = text.indexOf(':');
    return new Lease(
        Long.parseLong(text, 0, colon, RADIX),
        Long.parseLong(text, colon + 1, text.length(), RADIX));
  }

  String text() {
    return Long.toString(admitted, RADIX) + ":" + Long.toString(seconds, RADIX);
  }

  /** Epoch milliseconds at which it ends. */
  long expiry() {
    return admitted + seconds * 1000;
  }
}
