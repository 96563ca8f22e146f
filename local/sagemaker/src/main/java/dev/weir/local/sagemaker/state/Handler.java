package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Carries out one operation. */
@FunctionalInterface
public interface Handler {

  /**
   * The reply, of which the caller sees the members its shape knows.
   *
   * @param request checked against its shape
   * @throws dev.weir.local.sagemaker.wire.ApiError the service refuses
   */
  JsonNode handle(ObjectNode request);
}
