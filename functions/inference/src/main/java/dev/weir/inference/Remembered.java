package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.route.Model;
import dev.weir.session.Conversation;
import dev.weir.session.Memory;
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
 * @param due the summary that would tell more of it
 */
record Remembered(
    long bornMillis,
    List<Turn> turns,
    Optional<Conversation> conversation,
    String how,
    Optional<Due> due) {

  /**
   * A summary to be made.
   *
   * @param shorter what is told whole beside it, and what it is made of
   * @param room tokens that all of it may have
   * @param next the turn to come
   */
  record Due(Model.Summary by, Memory shorter, long room, Turn next) {}

  /** A session that begins now. */
  static Remembered nothing(long nowMillis) {
    return whole(nowMillis, List.of(), Optional.empty());
  }

  /** All of a session. */
  static Remembered whole(long bornMillis, List<Turn> turns, Optional<Conversation> conversation) {
    return new Remembered(bornMillis, turns, conversation, "whole", Optional.empty());
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
    return new Remembered(bornMillis, kept, conversation, done, Optional.empty());
  }

  Remembered with(Due summary) {
    return new Remembered(bornMillis, turns, conversation, how, Optional.of(summary));
  }
}
