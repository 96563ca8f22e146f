package dev.weir.local.lambda;

/** What came of an invocation. */
public sealed interface Outcome {

  /** A whole result. */
  record Buffered(byte[] result) implements Outcome {}

  /** A result that is still coming. */
  record Streamed(StreamedResult result) implements Outcome {}

  /**
   * No result.
   *
   * @param type the exception's class, or Lambda's own word
   */
  record Failed(String type, String message) implements Outcome {}
}
