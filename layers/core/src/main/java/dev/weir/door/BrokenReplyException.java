package dev.weir.door;

/**
 * A reply broke off after its beginning had left, and its form has no place to say so: the
 * connection must end as broken, or the part would look whole.
 */
public final class BrokenReplyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param detail what broke, as names only
   */
  public BrokenReplyException(String detail) {
    super(detail, null, false, false);
  }
}
