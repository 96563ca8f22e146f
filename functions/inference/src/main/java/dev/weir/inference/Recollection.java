package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ApiError;
import dev.weir.api.ResponsesRequest;
import dev.weir.door.Problem;
import dev.weir.route.Model;
import dev.weir.route.ModelCatalog;
import dev.weir.session.Conversation;
import dev.weir.session.Memory;
import dev.weir.session.Sessions;
import dev.weir.session.StoredResponse;
import dev.weir.session.Turn;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import dev.weir.tenant.EstimateMode;
import java.time.InstantSource;
import java.util.Optional;

/** Finds what a request goes on from, and how much of it its model is told. One read at most. */
final class Recollection {

  /** What wrapping a conversation may add to its tokens. */
  private static final long SLACK = 64;

  private final Sessions sessions;
  private final ModelCatalog catalog;
  private final TokenEstimate estimate;
  private final Bounds bounds;
  private final InstantSource clock;
  private final Log log;

  /**
   * What the stack says.
   *
   * @param tokens of a session that go to a model whose row does not say
   * @param promptTokens of any prompt
   */
  record Bounds(long tokens, long promptTokens) {}

  /** What was found. */
  sealed interface Found {
    record Ready(Remembered remembered) implements Found {}

    record Not(Problem problem) implements Found {}
  }

  Recollection(
      Sessions sessions,
      ModelCatalog catalog,
      TokenEstimate estimate,
      Bounds bounds,
      InstantSource clock,
      Log log) {
    this.sessions = sessions;
    this.catalog = catalog;
    this.estimate = estimate;
    this.bounds = bounds;
    this.clock = clock;
    this.log = log;
  }

  Found find(String tenantId, ResponsesRequest request, EstimateMode mode) {
    Found found;
    try {
      found = read(tenantId, request);
    } catch (RuntimeException e) {
      log.write(Line.warn("session_unreadable").with(e));
      return new Found.Not(Problem.sessionUnavailable());
    }
    return switch (found) {
      case Found.Not not -> not;
      case Found.Ready(Remembered all) -> told(all, request, mode);
    };
  }

  private Found read(String tenantId, ResponsesRequest request) {
    if (request.conversationId().isPresent()) {
      String id = request.conversationId().get();
      Optional<Conversation> conversation = sessions.conversation(tenantId, id);
      return conversation
          .<Found>map(read ->
              new Found.Ready(
                  new Remembered(read.bornMillis(), read.turns(), conversation, "whole")))
          .orElseGet(() -> none("conversation", id, "conversation_not_found", "conversation"));
    }
    if (request.previousResponseId().isPresent()) {
      String id = request.previousResponseId().get();
      return sessions
          .response(tenantId, id)
          .map(Recollection::after)
          .orElseGet(
              () -> none("response", id, "previous_response_not_found", "previous_response_id"));
    }
    return new Found.Ready(Remembered.nothing(clock.millis()));
  }

  private static Found after(StoredResponse previous) {
    return previous.isInConversation()
        ? new Found.Not(
            Problem.of(
                ApiError.invalid(
                    "previous_response_id",
                    "invalid_value",
                    "This response belongs to a conversation: go on with 'conversation'.")))
        : new Found.Ready(
            new Remembered(previous.bornMillis(), previous.turns(), Optional.empty(), "whole"));
  }

  private static Found none(String what, String id, String code, String param) {
    return new Found.Not(Problem.noSuch(what, id, code, Optional.of(param)));
  }

  private Found told(Remembered all, ResponsesRequest request, EstimateMode mode) {
    if (all.turns().isEmpty()) {
      return new Found.Ready(all);
    }
    Turn next = Turn.of("next", request.input(), text -> estimate.text(text, mode));
    Memory memory = Memory.of(all.turns(), room(request, next, mode), next);
    if (memory.dropped().isEmpty()) {
      return new Found.Ready(all);
    }
    if (!request.mayForget()) {
      return new Found.Not(
          Problem.of(
              ApiError.invalid(
                  "truncation",
                  "context_length_exceeded",
                  "The session is longer than goes to the model, and truncation is 'disabled'.")));
    }
    log.write(Line.info("session").metric(Names.SESSIONS_TRIMMED, Line.Unit.COUNT, 1));
    return new Found.Ready(all.with(memory.kept(), "trimmed"));
  }

  /** What goes to the model of the past: as much as is wanted, and fits beside the present. */
  private long room(ResponsesRequest request, Turn next, EstimateMode mode) {
    JsonNode settings = request.settings();
    long present =
        next.tokens()
            + SLACK
            + estimate.text(request.instructions().orElse(""), mode)
            + estimate.text(settings.toString(), mode);
    Optional<Model> model = catalog.find(settings.path("model").asText());
    long wanted = model.flatMap(Model::recall).map(Model.Recall::tokens).orElse(bounds.tokens());
    long fits =
        model
            .map(known ->
                known.contextTokens()
                    - settings.path("max_tokens").asLong(known.defaultOutputTokens()))
            .orElse(bounds.promptTokens());
    return Math.min(wanted, Math.min(fits, bounds.promptTokens()) - present);
  }
}
