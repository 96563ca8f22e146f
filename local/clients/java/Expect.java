/** What must be so, or else the run ends with an error. */
final class Expect {

  private Expect() {}

  static void equal(Object found, Object wanted) {
    that(found.equals(wanted), found + " is not " + wanted);
  }

  static void that(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
