package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ApiError;
import dev.weir.api.ResponsesRequest;
import dev.weir.door.Problem;
import dev.weir.route.Model;
import dev.weir.route.ModelCatalog;
import dev.weir.session.Conversation;
import dev.weir.session.Lifetimes;
import dev.weir.session.Memory;
import dev.weir.session.SessionTooLargeException;
import dev.weir.session.Sessions;
import dev.weir.session.StoredResponse;
import dev.weir.session.Turn;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.SessionRule;
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

  /**
   * Finds it.
   *
   * @param isKept whether the turn will be kept: a summary that is not would be paid again
   */
  Found find(String tenantId, ResponsesRequest request, EstimateMode mode, boolean isKept) {
    Found found;
    try {
      found = read(tenantId, request);
    } catch (SessionTooLargeException e) {
      return new Found.Not(Problem.sessionTooLarge());
    } catch (RuntimeException e) {
      log.write(Line.warn("session_unreadable").with(e));
      return new Found.Not(Problem.sessionUnavailable());
    }
    return switch (found) {
      case Found.Not not -> not;
      case Found.Ready(Remembered all) -> told(all, request, mode, isKept);
    };
  }

  /** How long a turn of this model is kept: the shortest of what stack, tenant and model say. */
  Lifetimes lifetimes(Lifetimes stack, ResponsesRequest request, Optional<SessionRule> tenant) {
    Optional<Model.Recall> model = model(request).flatMap(Model::recall);
    return stack
        .atMost(tenant.flatMap(SessionRule::idle), tenant.flatMap(SessionRule::whole))
        .atMost(model.flatMap(Model.Recall::idle), model.flatMap(Model.Recall::whole));
  }

  private Optional<Model> model(ResponsesRequest request) {
    return catalog.find(request.settings().path("model").asText());
  }

  private Found read(String tenantId, ResponsesRequest request) {
    if (request.conversationId().isPresent()) {
      String id = request.conversationId().get();
      Optional<Conversation> conversation = sessions.conversation(tenantId, id);
      return conversation
          .<Found>map(read ->
              new Found.Ready(Remembered.whole(read.bornMillis(), read.turns(), conversation)))
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
            Remembered.whole(previous.bornMillis(), previous.turns(), Optional.empty()));
  }

  private static Found none(String what, String id, String code, String param) {
    return new Found.Not(Problem.noSuch(what, id, code, Optional.of(param)));
  }

  private Found told(Remembered all, ResponsesRequest request, EstimateMode mode, boolean isKept) {
    if (all.turns().isEmpty()) {
      return new Found.Ready(all);
    }
    Turn next = Turn.of("next", request.input(), text -> estimate.text(text, mode));
    Optional<Model> model = model(request);
    long room = room(request, model, next, mode);
    Memory memory = Memory.of(all.turns(), room, next);
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
    Remembered trimmed = all.with(memory.kept(), "trimmed");
    Optional<Remembered.Due> due =
        model
            .flatMap(Model::recall)
            .flatMap(Model.Recall::summary)
            .filter(_ -> isKept)
            .map(by -> due(by, all, room, next))
            .filter(summary -> summary.shorter().isLossy());
    if (due.isEmpty()) {
      log.write(Line.info("session").metric(Names.SESSIONS_TRIMMED, Line.Unit.COUNT, 1));
    }
    return new Found.Ready(due.map(trimmed::with).orElse(trimmed));
  }

  private static Remembered.Due due(Model.Summary by, Remembered all, long room, Turn next) {
    long whole = Math.min(by.keepTokens(), room) - by.tokens();
    return new Remembered.Due(by, Memory.of(all.turns(), whole, next), room, next);
  }

  /** What goes to the model of the past: as much as is wanted, and fits beside the present. */
  private long room(ResponsesRequest request, Optional<Model> model, Turn next, EstimateMode mode) {
    JsonNode settings = request.settings();
    long present =
        next.tokens()
            + SLACK
            + estimate.text(request.instructions().orElse(""), mode)
            + estimate.text(settings.toString(), mode);
    long wanted =
        model
            .flatMap(Model::recall)
            .map(recall -> recall.tokens().orElse(bounds.tokens()))
            .orElse(bounds.tokens());
    long fits =
        model
            .map(known ->
                known.contextTokens()
                    - settings.path("max_tokens").asLong(known.defaultOutputTokens()))
            .orElse(bounds.promptTokens());
    return Math.min(wanted, Math.min(fits, bounds.promptTokens()) - present);
  }
}
