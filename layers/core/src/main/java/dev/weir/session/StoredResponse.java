package dev.weir.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A response that can be asked for again. Never changes.
 *
 * @param id {@code resp_...}
 * @param body as the client got it
 * @param input its own input items
 * @param bornMillis epoch milliseconds at which its session began
 * @param turns what a response after it remembers, its own turn last; nothing where a conversation
 *     remembers instead
 */
public record StoredResponse(
    String id, JsonNode body, List<JsonNode> input, long bornMillis, List<Turn> turns) {

  /** Whether it was made in a conversation, which goes on under the conversation's id. */
  public boolean isInConversation() {
    return body.path("conversation").isObject();
  }
}
