package dev.weir.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ApiError;
import dev.weir.api.Fields;
import dev.weir.api.Refused;
import dev.weir.api.StrictJson;
import java.util.Optional;

/** A request's body: one strict JSON object; none at all is an empty one. */
final class Body {

  /** Far above what any command needs. */
  private static final int LONGEST = 64 * 1024;

  private static final StrictJson JSON = new StrictJson(LONGEST);

  private Body() {}

  /**
   * The fields of the body.
   *
   * @throws Refused when it is too large or no JSON object
   */
  static Fields of(AdminRequest request) {
    if (request.body().length == 0) {
      return new Fields(JsonNodeFactory.instance.objectNode(), "");
    }
    if (request.body().length > LONGEST) {
      throw new Refused(
          new ApiError(
              413,
              "invalid_request_error",
              "request_too_large",
              "The body must be at most %d bytes.".formatted(LONGEST),
              Optional.empty()));
    }
    return JSON.parse(request.body())
        .filter(ObjectNode.class::isInstance)
        .map(node -> new Fields((ObjectNode) node, ""))
        .orElseThrow(() ->
            new Refused(ApiError.malformed("invalid_json", "The body must be one JSON object.")));
  }
}
