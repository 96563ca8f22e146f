package dev.weir.inference.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bodies of InvokeModel on embedding models, as the Bedrock User Guide has them: "Amazon Titan
 * Embeddings Text" (model-parameters-titan-embed-text), "Cohere Embed v3"
 * (model-parameters-embed-v3) and "Cohere Embed v4" (model-parameters-embed-v4).
 */
final class EmbeddingBody {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private EmbeddingBody() {}

  static byte[] bytes(EmbeddingCall call) {
    ObjectNode body = MAPPER.createObjectNode();
    switch (call.family()) {
      case TITAN_G1 -> body.put("inputText", call.texts().getFirst());
      case TITAN_V2 ->
          body.put("inputText", call.texts().getFirst())
              .put("dimensions", call.dimensions())
              .put("normalize", true);
      case COHERE_V3 -> cohere(body, call);
      case COHERE_V4 -> cohere(body, call).put("output_dimension", call.dimensions());
    }
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing is cut off in silence: the model refuses what is too long. */
  private static ObjectNode cohere(ObjectNode body, EmbeddingCall call) {
    ArrayNode texts = body.putArray("texts");
    call.texts().forEach(texts::add);
    call.inputType().ifPresent(type -> body.put("input_type", type.text()));
    body.put("truncate", "NONE").putArray("embedding_types").add("float");
    return body;
  }

  /**
   * Reads a reply.
   *
   * @param counted the tokens its header reports ({@code X-Amzn-Bedrock-Input-Token-Count})
   */
  static Reply read(EmbeddingCall call, byte[] bytes, OptionalLong counted) {
    JsonNode reply;
    try {
      reply = MAPPER.readTree(bytes);
    } catch (IOException e) {
      return failed(Fault.Kind.CUT, "NoJson");
    }
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode vector : vectors(call, reply)) {
      vectors.add(numbers(vector));
    }
    boolean isWhole =
        vectors.size() == call.texts().size()
            && vectors.stream().allMatch(vector -> vector.length == call.dimensions());
    return isWhole
        ? new Reply.Vectors(List.copyOf(vectors), tokens(reply, counted))
        : failed(Fault.Kind.EMPTY, "VectorsMissing");
  }

  private static Iterable<JsonNode> vectors(EmbeddingCall call, JsonNode reply) {
    return switch (call.family()) {
      case TITAN_G1, TITAN_V2 -> List.of(reply.path("embedding"));
      case COHERE_V3, COHERE_V4 -> reply.path("embeddings").path("float");
    };
  }

  private static float[] numbers(JsonNode vector) {
    float[] numbers = new float[vector.isArray() ? vector.size() : 0];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = vector.get(i).floatValue();
    }
    return numbers;
  }

  private static OptionalLong tokens(JsonNode reply, OptionalLong counted) {
    JsonNode count = reply.path("inputTextTokenCount");
    return count.canConvertToLong() ? OptionalLong.of(count.asLong()) : counted;
  }

  private static Reply failed(Fault.Kind kind, String detail) {
    return new Reply.Failed(Fault.of(kind, detail));
  }
}
