package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;

/** Reads the JSON object a request's body must be. Thread-safe. */
final class RequestBody {

  private final int maxBytes;
  private final StrictJson json;

  /**
   * @param maxBytes largest body read; a larger one is refused unread with status 413
   */
  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
    this.json = new StrictJson(maxBytes);
  }

  StrictJson json() {
    return json;
  }

  /**
   * What {@code reader} makes of the body, or the 400 or 413 its sender gets.
   *
   * @param reader may throw {@link Refused}
   */
  <T> Parsed<T> read(byte[] body, Function<Fields, T> reader) {
    if (body.length > maxBytes) {
      return new Parsed.Bad<>(
          new ApiError(
              413,
              "invalid_request_error",
              "request_too_large",
              "The request body is larger than " + maxBytes + " bytes.",
              Optional.empty()));
    }
    Optional<JsonNode> tree = json.parse(body);
    if (tree.isEmpty()) {
      return new Parsed.Bad<>(
          ApiError.malformed(
              "invalid_json",
              "We could not parse the JSON body of your request. It must be one UTF-8 document"
                  + " without duplicate keys, lone surrogates, NUL or numbers out of range."));
    }
    if (!(tree.get() instanceof ObjectNode object)) {
      return new Parsed.Bad<>(
          ApiError.malformed("invalid_type", "The request body must be a JSON object."));
    }
    try {
      return new Parsed.Ok<>(reader.apply(new Fields(object, "")));
    } catch (Refused e) {
      return new Parsed.Bad<>(e.error());
    }
  }
}
