package dev.weir.local.bedrock.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * InvokeModel on embedding models. A body with {@code inputText} is answered as Titan answers, one
 * with {@code texts} as Cohere's models do.
 */
public final class Embeddings {

  private static final int MOST_TEXTS = 96;
  private static final int LONGEST_TEXT = 50_000;
  private static final Set<String> TITAN =
      Set.of("inputText", "dimensions", "normalize", "embeddingTypes");
  private static final Set<String> COHERE =
      Set.of("texts", "input_type", "truncate", "embedding_types", "output_dimension");

  private final Map<String, Embedder> embedders;

  /** One answer. */
  public record Answer(ObjectNode body, int tokens) {}

  public Embeddings(Map<String, Embedder> embedders) {
    this.embedders = Map.copyOf(embedders);
  }

  /** Whether an embedding model has this id. */
  public boolean has(String id) {
    return embedders.containsKey(id);
  }

  /**
   * Answers one body.
   *
   * @param isEmpty whether the answer shall be without vectors
   */
  public Answer answer(String id, byte[] body, boolean isEmpty) throws ErrorReply {
    JsonNode request = read(body);
    Embedder embedder = embedders.get(id);
    if (embedder == null) {
      throw ErrorReply.validation("The provided model identifier is invalid.");
    }
    if (request.has("inputText")) {
      known(request, TITAN);
      return titan(embedder, request, isEmpty);
    }
    known(request, COHERE);
    return cohere(embedder, request, isEmpty);
  }

  private static Answer titan(Embedder embedder, JsonNode request, boolean isEmpty)
      throws ErrorReply {
    Embedder.Embedded embedded =
        embedder.embed(text(request.path("inputText")), request.path("dimensions").asInt());
    ObjectNode body = Json.object();
    if (!isEmpty) {
      numbers(body.putArray("embedding"), embedded.vector());
    }
    body.put("inputTextTokenCount", embedded.tokens());
    return new Answer(body, embedded.tokens());
  }

  private static Answer cohere(Embedder embedder, JsonNode request, boolean isEmpty)
      throws ErrorReply {
    JsonNode texts = request.path("texts");
    if (!texts.isArray() || texts.isEmpty() || texts.size() > MOST_TEXTS) {
      throw ErrorReply.validation("texts must hold 1 to 96 texts.");
    }
    if (!request.path("input_type").isTextual()) {
      throw ErrorReply.validation("input_type is required.");
    }
    ObjectNode body = Json.object().put("id", "local").put("response_type", "embeddings_by_type");
    ArrayNode vectors = body.putObject("embeddings").putArray("float");
    int tokens = 0;
    for (JsonNode each : texts) {
      Embedder.Embedded embedded =
          embedder.embed(text(each), request.path("output_dimension").asInt());
      tokens += embedded.tokens();
      if (!isEmpty) {
        numbers(vectors.addArray(), embedded.vector());
      }
    }
    body.set("texts", texts);
    return new Answer(body, tokens);
  }

  private static void numbers(ArrayNode array, float[] vector) {
    for (float number : vector) {
      array.add(number);
    }
  }

  private static String text(JsonNode node) throws ErrorReply {
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw ErrorReply.validation("A text is empty.");
    }
    if (node.textValue().length() > LONGEST_TEXT) {
      throw ErrorReply.validation("A text is longer than 50000 characters.");
    }
    return node.textValue();
  }

  private static void known(JsonNode request, Set<String> members) throws ErrorReply {
    for (var field : request.properties()) {
      if (!members.contains(field.getKey())) {
        throw ErrorReply.validation("extraneous key [" + field.getKey() + "] is not permitted");
      }
    }
  }

  private static JsonNode read(byte[] body) throws ErrorReply {
    try {
      return Json.read(body);
    } catch (IOException malformed) {
      throw ErrorReply.validation("The request body is not valid JSON.");
    }
  }
}
