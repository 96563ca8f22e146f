package dev.weir.inference.sagemaker;

import java.util.Map;

/** A part of an endpoint's reply. */
public sealed interface Part {

  /**
   * The reply begins.
   *
   * @param headers by lower-case name
   */
  record Head(Map<String, String> headers) implements Part {}

  /** A piece of its body. */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
  record Piece(byte[] bytes) implements Part {}
}
