package dev.weir.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation as it was read.
 *
 * @param id {@code conv_...}
 * @param version grows with every change; 0 before it is first written
 * @param parts how many items of the table it fills, besides the first
 * @param bornMillis epoch milliseconds at which it was made
 * @param turns the oldest first
 */
public record Conversation(
    String id, long version, int parts, long bornMillis, JsonNode metadata, List<Turn> turns) {

  /** The same with these turns and one more. */
  public Conversation with(List<Turn> kept, Turn next) {
    List<Turn> all = new ArrayList<>(kept);
    all.add(next);
    return with(all);
  }

  /** The same with other turns. */
  public Conversation with(List<Turn> others) {
    return new Conversation(id, version, parts, bornMillis, metadata, others);
  }

  /**
   * The same without an item, and without the other half of a function call and its output; empty
   * if there is no such item.
   */
  public Optional<Conversation> without(String itemId) {
    Optional<JsonNode> item =
        turns.stream()
            .flatMap(turn -> turn.json().stream())
            .filter(found -> found.path("id").asText().equals(itemId))
            .findFirst();
    return item.map(gone ->
        with(
            turns.stream()
                .map(turn ->
                    new Turn(
                        turn.id(),
                        turn.items().stream().filter(kept -> !belongs(kept.json(), gone)).toList()))
                .filter(turn -> !turn.items().isEmpty())
                .toList()));
  }

  private static boolean belongs(JsonNode item, JsonNode gone) {
    return item.path("id").equals(gone.path("id"))
        || (gone.has("call_id") && item.path("call_id").equals(gone.path("call_id")));
  }

  /** The same with other metadata. */
  public Conversation with(JsonNode other) {
    return new Conversation(id, version, parts, bornMillis, other, turns);
  }
}
