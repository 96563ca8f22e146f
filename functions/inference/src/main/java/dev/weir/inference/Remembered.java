package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.session.Conversation;
import dev.weir.session.Turn;
import java.util.List;
import java.util.Optional;

/**
 * What a request goes on from.
 *
 * @param bornMillis epoch milliseconds at which its session began
 * @param turns those that go to the model, the oldest first
 * @param conversation as it was read
 * @param how {@code whole}, or what was done with the rest
 */
record Remembered(
    long bornMillis, List<Turn> turns, Optional<Conversation> conversation, String how) {

  /** A session that begins now. */
  static Remembered nothing(long nowMillis) {
    return new Remembered(nowMillis, List.of(), Optional.empty(), "whole");
  }

  /** Whether there was anything before. */
  boolean isContinued() {
    return conversation.isPresent() || !turns.isEmpty();
  }

  /** The items of all turns. */
  List<JsonNode> items() {
    return turns.stream().flatMap(turn -> turn.json().stream()).toList();
  }

  Remembered with(List<Turn> kept, String done) {
    return new Remembered(bornMillis, kept, conversation, done);
  }
}
