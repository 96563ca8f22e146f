package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.wire.ApiError;

/** How a call ended for its caller. */
public sealed interface Reply {

  /**
   * It was carried out.
   *
   * @param result as the operation's output shape has it, timestamps in ISO 8601
   */
  record Done(JsonNode result) implements Reply {}

  /** It was refused; nothing was done. */
  record Refused(ApiError error) implements Reply {}

  /** The caller never hears; whether it was carried out, only the ledger knows. */
  record Lost() implements Reply {}
}
