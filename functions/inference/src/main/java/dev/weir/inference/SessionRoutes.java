package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ApiError;
import dev.weir.api.ItemWriter;
import dev.weir.api.Parsed;
import dev.weir.api.ResponsesReader;
import dev.weir.door.Problem;
import dev.weir.door.Request;
import dev.weir.guard.GuardSet;
import dev.weir.guard.Guards;
import dev.weir.session.Conversation;
import dev.weir.session.Lifetimes;
import dev.weir.session.Sessions;
import dev.weir.session.StoredResponse;
import dev.weir.session.Turn;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.SessionRule;
import dev.weir.tenant.Tenant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The routes to what is kept, but for the one that has a model answer. */
final class SessionRoutes {

  private final Sessions sessions;
  private final Lifetimes lifetimes;
  private final boolean on;
  private final ResponsesReader reader;
  private final InputGuard guard;
  private final TokenEstimate estimate;
  private final InstantSource clock;

  /** What a client gets. */
  sealed interface Reply {
    record Found(ObjectNode body) implements Reply {}

    /**
     * What is kept is another now.
     *
     * @param action such as {@code response.delete}
     * @param subject the id of what was changed
     */
    record Changed(String action, String subject, ObjectNode body) implements Reply {}

    record Not(Problem problem) implements Reply {}
  }

  /** A request of a tenant. */
  private record Call(Tenant tenant, Visit visit) {

    Request request() {
      return visit.exchange().request();
    }

    /** What the ids of all that it makes have in common. */
    String turn() {
      return visit.exchange().requestId().substring("req_".length());
    }

    String id() {
      return request().pathParameters().getOrDefault("id", "");
    }

    String item() {
      return request().pathParameters().getOrDefault("item", "");
    }
  }

  /** Changes a conversation that is there. */
  private interface Change {
    Reply apply(Conversation conversation);
  }

  SessionRoutes(
      Sessions sessions,
      Lifetimes lifetimes,
      boolean on,
      ResponsesReader reader,
      InputGuard guard,
      TokenEstimate estimate,
      InstantSource clock) {
    this.sessions = sessions;
    this.lifetimes = lifetimes;
    this.on = on;
    this.reader = reader;
    this.guard = guard;
    this.estimate = estimate;
    this.clock = clock;
  }

  /** Serves one request; faults of the store are thrown. */
  Reply serve(Tenant tenant, Visit visit) {
    Call call = new Call(tenant, visit);
    Request request = call.request();
    return switch (route(request)) {
      case "GET /v1/responses/{id}" ->
          Paging.none(request).<Reply>map(Reply.Not::new).orElseGet(() -> response(call));
      case "DELETE /v1/responses/{id}" ->
          deleted(call, Sessions.Kind.RESPONSE, "response", "response");
      case "GET /v1/responses/{id}/input_items" -> inputItems(call);
      case "POST /v1/responses/{id}/cancel" -> cancel(call);
      case "POST /v1/conversations" -> create(call);
      case "GET /v1/conversations/{id}" -> with(call, found -> new Reply.Found(shown(found)));
      case "POST /v1/conversations/{id}" -> update(call);
      case "DELETE /v1/conversations/{id}" ->
          deleted(call, Sessions.Kind.CONVERSATION, "conversation", "conversation.deleted");
      case "POST /v1/conversations/{id}/items" -> add(call);
      case "GET /v1/conversations/{id}/items" ->
          with(call, found -> Paging.page(request, items(found)));
      case "GET /v1/conversations/{id}/items/{item}" -> item(call);
      case "DELETE /v1/conversations/{id}/items/{item}" -> remove(call);
      default -> throw new IllegalStateException("no route " + request.resource());
    };
  }

  /** Such as {@code GET /v1/responses/{id}}. */
  static String route(Request request) {
    return request.method() + " " + request.resource();
  }

  private Optional<StoredResponse> stored(Call call) {
    return sessions.response(call.tenant().id(), call.id());
  }

  private static Reply noResponse(Call call) {
    return new Reply.Not(
        Problem.noSuch("response", call.id(), "response_not_found", Optional.empty()));
  }

  private Reply response(Call call) {
    return stored(call)
        .<Reply>map(found -> new Reply.Found((ObjectNode) found.body()))
        .orElseGet(() -> noResponse(call));
  }

  private Reply inputItems(Call call) {
    return stored(call)
        .map(found -> Paging.page(call.request(), found.input()))
        .orElseGet(() -> noResponse(call));
  }

  /** Only what runs in the background could be; nothing here does. */
  private Reply cancel(Call call) {
    return stored(call)
        .<Reply>map(found ->
            new Reply.Not(
                Problem.of(
                    ApiError.malformed(
                        "not_cancellable",
                        "Only a response that runs in the background can be cancelled; this one is"
                            + " complete. Close the connection to end one that is being"
                            + " streamed."))))
        .orElseGet(() -> noResponse(call));
  }

  private Reply deleted(Call call, Sessions.Kind kind, String what, String object) {
    return sessions.delete(call.tenant().id(), kind, call.id(), call.turn())
        ? new Reply.Changed(
            what + ".delete", call.id(), object(call.id(), object).put("deleted", true))
        : new Reply.Not(Problem.noSuch(what, call.id(), what + "_not_found", Optional.empty()));
  }

  private Reply with(Call call, Change change) {
    return sessions
        .conversation(call.tenant().id(), call.id())
        .map(change::apply)
        .orElseGet(() ->
            new Reply.Not(
                Problem.noSuch(
                    "conversation", call.id(), "conversation_not_found", Optional.empty())));
  }

  private Reply create(Call call) {
    if (!on || !call.tenant().sessions().isAllowed()) {
      return new Reply.Not(Problem.sessionsOff());
    }
    return switch (reader.conversation(call.request().body())) {
      case Parsed.Bad<ResponsesReader.ConversationBody>(var error) ->
          new Reply.Not(Problem.of(error));
      case Parsed.Ok<ResponsesReader.ConversationBody>(var body) -> {
        JsonNode metadata = body.metadata().orElseGet(JsonNodeFactory.instance::objectNode);
        Conversation fresh =
            new Conversation("conv_" + call.turn(), 0, 0, clock.millis(), metadata, List.of());
        yield body.items().isEmpty()
            ? saved(call, "conversation.create", fresh, shown(fresh))
            : added(
                call, "conversation.create", fresh, body.items(), (grown, turn) -> shown(grown));
      }
    };
  }

  private Reply update(Call call) {
    return switch (reader.conversation(call.request().body())) {
      case Parsed.Bad<ResponsesReader.ConversationBody>(var error) ->
          new Reply.Not(Problem.of(error));
      case Parsed.Ok<ResponsesReader.ConversationBody>(var body) ->
          with(
              call,
              found -> {
                Conversation changed =
                    found.with(body.metadata().orElseGet(JsonNodeFactory.instance::objectNode));
                return saved(call, "conversation.change", changed, shown(changed));
              });
    };
  }

  private Reply add(Call call) {
    return switch (reader.conversation(call.request().body())) {
      case Parsed.Bad<ResponsesReader.ConversationBody>(var error) ->
          new Reply.Not(Problem.of(error));
      case Parsed.Ok<ResponsesReader.ConversationBody>(var body) when body.items().isEmpty() ->
          new Reply.Not(
              Problem.of(
                  ApiError.invalid(
                      "items",
                      "missing_required_parameter",
                      "Missing required parameter: 'items'.")));
      case Parsed.Ok<ResponsesReader.ConversationBody>(var body) ->
          with(
              call,
              found ->
                  added(
                      call,
                      "conversation.add",
                      found,
                      body.items(),
                      (grown, turn) -> Paging.list(turn.json(), false)));
    };
  }

  /** Shows what was added. */
  private interface Show {
    ObjectNode of(Conversation grown, Turn turn);
  }

  private Reply added(
      Call call, String action, Conversation before, List<JsonNode> given, Show show) {
    return switch (reader.messages(items(before), given)) {
      case Parsed.Bad<ObjectNode>(var error) -> new Reply.Not(Problem.of(error));
      case Parsed.Ok<ObjectNode>(ObjectNode messages) ->
          switch (guard.apply(
              messages, "items", GuardSet.none(), call.tenant().guard(), call.visit().guard())) {
            case InputGuard.Judged.Not(Problem problem) -> new Reply.Not(problem);
            case InputGuard.Judged.Passed(JsonNode passed, Guards _) -> {
              Turn turn =
                  Turn.of(
                      call.turn(),
                      ItemWriter.items(passed.path("messages"), call.turn()),
                      text -> estimate.text(text, EstimateMode.TOKENS));
              Conversation grown = before.with(before.turns(), turn);
              yield saved(call, action, grown, show.of(grown, turn));
            }
          };
    };
  }

  private Reply item(Call call) {
    return with(
        call,
        found ->
            items(found).stream()
                .filter(item -> item.path("id").asText().equals(call.item()))
                .<Reply>map(item -> new Reply.Found((ObjectNode) item))
                .findFirst()
                .orElseGet(() -> noItem(call)));
  }

  private static Reply noItem(Call call) {
    return new Reply.Not(Problem.noSuch("item", call.item(), "item_not_found", Optional.empty()));
  }

  private Reply remove(Call call) {
    return with(
        call,
        found -> {
          Optional<Conversation> less = found.without(call.item());
          return less.isEmpty()
              ? noItem(call)
              : saved(call, "conversation.remove", less.get(), shown(less.get()));
        });
  }

  private Reply saved(Call call, String action, Conversation conversation, ObjectNode body) {
    SessionRule rule = call.tenant().sessions();
    Lifetimes allowed = lifetimes.atMost(rule.idle(), rule.whole());
    return switch (sessions.save(call.tenant().id(), conversation, call.turn(), allowed)) {
      case SAVED -> new Reply.Changed(action, conversation.id(), body);
      case CONFLICT -> new Reply.Not(Problem.sessionConflict());
      case TOO_LARGE -> new Reply.Not(Problem.sessionTooLarge());
    };
  }

  private static List<JsonNode> items(Conversation conversation) {
    List<JsonNode> items = new ArrayList<>();
    conversation.turns().forEach(turn -> items.addAll(turn.json()));
    return items;
  }

  private static ObjectNode shown(Conversation conversation) {
    ObjectNode body = object(conversation.id(), "conversation");
    body.put("created_at", conversation.bornMillis() / 1000);
    body.set("metadata", conversation.metadata());
    return body;
  }

  private static ObjectNode object(String id, String object) {
    return JsonNodeFactory.instance.objectNode().put("id", id).put("object", object);
  }
}
