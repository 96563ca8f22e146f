package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ItemWriter;
import dev.weir.api.JsonTexts;
import dev.weir.door.Problem;
import dev.weir.model.Fault;
import dev.weir.session.Conversation;
import dev.weir.session.Lifetimes;
import dev.weir.session.Sessions;
import dev.weir.session.StoredResponse;
import dev.weir.session.Turn;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps one turn in its session.
 *
 * @param lifetimes how long it is kept, as known now
 * @param isAllowed whether the tenant's turns may be kept, as known now
 * @param before what the turn went on from
 * @param tokens bounds the tokens of a text
 */
record TurnKeeper(
    Sessions sessions,
    Supplier<Lifetimes> lifetimes,
    BooleanSupplier isAllowed,
    Remembered before,
    ToLongFunction<String> tokens,
    Log log) {

  /**
   * Keeps the turn; when it returns nothing, the response can be read and gone on from.
   *
   * @param messages what the client has said in this turn, as the guards have left it
   * @param body the response as the client gets it
   */
  Optional<Fault> keep(
      String tenantId, String id, String turnId, List<JsonNode> messages, ObjectNode body) {
    List<JsonNode> input = ItemWriter.items(messages, turnId);
    List<JsonNode> items = new ArrayList<>(input);
    body.path("output").forEach(item -> remembered(item).ifPresent(items::add));
    Turn turn = Turn.of(turnId, items, tokens);
    Optional<Conversation> conversation =
        before.conversation().map(read -> read.with(before.turns(), turn));
    List<Turn> turns = new ArrayList<>();
    if (conversation.isEmpty()) {
      turns.addAll(before.turns());
      turns.add(turn);
    }
    try {
      return switch (sessions.save(
          tenantId,
          new StoredResponse(id, body, input, before.bornMillis(), turns),
          conversation,
          lifetimes.get())) {
        case SAVED -> {
          count(before.isContinued() ? Names.SESSIONS_CONTINUED : Names.SESSIONS_CREATED);
          yield Optional.empty();
        }
        case CONFLICT -> {
          count(Names.SESSION_CONFLICTS);
          yield Optional.of(Fault.of(Fault.Kind.SESSION_CONFLICT, "SessionConflict"));
        }
        case TOO_LARGE -> Optional.of(Fault.of(Fault.Kind.NOT_KEPT, "TooLarge"));
      };
    } catch (RuntimeException e) {
      log.write(
          Line.warn("session_not_written").with(e).metric(Names.LOST_WRITES, Line.Unit.COUNT, 1));
      return Optional.of(Fault.of(Fault.Kind.NOT_KEPT, e.getClass().getSimpleName()));
    }
  }

  /** Why a response that was kept cannot be given again: it is over, or was deleted. */
  Optional<Problem> gone(String tenantId, String id) {
    try {
      return sessions.hasResponse(tenantId, id)
          ? Optional.empty()
          : Optional.of(Problem.noSuch("response", id, "response_not_found", Optional.empty()));
    } catch (RuntimeException e) {
      log.write(Line.warn("session_unreadable").with(e));
      return Optional.of(Problem.sessionUnavailable());
    }
  }

  private void count(String metric) {
    log.write(Line.info("session").metric(metric, Line.Unit.COUNT, 1));
  }

  /**
   * An output item as it can be told again. A call that was cut short cannot be answered; arguments
   * that are no JSON object could not be sent.
   */
  private static Optional<JsonNode> remembered(JsonNode item) {
    if (!item.path("type").asText().equals("function_call")) {
      return Optional.of(item);
    }
    if (!item.path("status").asText().equals("completed")) {
      return Optional.empty();
    }
    String arguments = item.path("arguments").asText();
    if (JsonTexts.isObject(arguments)) {
      return Optional.of(item);
    }
    ObjectNode told = item.deepCopy();
    return Optional.of(
        told.put(
            "arguments",
            JsonNodeFactory.instance.objectNode().put("malformed", arguments).toString()));
  }
}
