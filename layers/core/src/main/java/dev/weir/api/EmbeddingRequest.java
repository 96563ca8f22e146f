package dev.weir.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request to {@code POST /v1/embeddings}.
 *
 * @param inputs the texts in order, none empty; what came as token ids is text already
 * @param dimensions how long a vector shall be; empty for the model's own length
 * @param inputType what the vectors are for, where the model tells uses apart
 * @param ignored fields that were accepted and have no effect
 */
public record EmbeddingRequest(
    String model,
    List<String> inputs,
    Encoding encoding,
    OptionalInt dimensions,
    Optional<InputType> inputType,
    List<String> ignored) {

  /** How vectors are written ({@code encoding_format}). */
  public enum Encoding {
    /** Numbers. */
    FLOAT,
    /** Base64 of the little-endian 32-bit floats, which the Python and Node clients ask for. */
    BASE64
  }

  /** What a vector is for ({@code input_type}, Cohere's parameter of that name). */
  public enum InputType {
    SEARCH_DOCUMENT,
    SEARCH_QUERY,
    CLASSIFICATION,
    CLUSTERING;

    /** As requests and Bedrock have it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The part of the body that a model would read. */
  public ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode array = body.putArray("input");
    inputs.forEach(array::add);
    return body;
  }

  /** The same with other texts, as many. */
  public EmbeddingRequest with(List<String> texts) {
    return new EmbeddingRequest(model, texts, encoding, dimensions, inputType, ignored);
  }
}
