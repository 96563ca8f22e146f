package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/responses}, read strictly (OpenAI API reference, "Create a model response"),
 * before what its session remembers is known.
 *
 * @param conversationId {@code conversation}, given as an id or an object
 * @param store absent when the client did not say
 * @param mayForget false when the client said {@code truncation: disabled}
 * @param metadata up to 16 texts, possibly none
 * @param instructions go before everything and are not remembered
 * @param input the items of this turn
 * @param settings the body of the equal chat completion, but for its messages
 */
public record ResponsesRequest(
    Optional<String> previousResponseId,
    Optional<String> conversationId,
    Optional<Boolean> store,
    boolean mayForget,
    ObjectNode metadata,
    Optional<String> instructions,
    List<JsonNode> input,
    ObjectNode settings) {

  /** Whether it continues something, or asks in so many words to be kept. */
  public boolean needsSession() {
    return previousResponseId.isPresent()
        || conversationId.isPresent()
        || store.filter(wanted -> wanted).isPresent();
  }
}
