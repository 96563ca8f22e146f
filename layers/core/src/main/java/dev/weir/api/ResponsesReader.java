package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads bodies of the Responses and Conversations API. A request becomes the chat completion that
 * asks a model the same, so that both are planned, guarded, cached and paid in one way; every
 * refusal names the field as the client wrote it. No input throws. Thread-safe.
 */
public final class ResponsesReader {
  /** Fields that a chat completion has under the same name and with the same meaning. */
  private static final List<String> SAME =
      List.of(
          "model",
          "stream",
          "temperature",
          "top_p",
          "parallel_tool_calls",
          "top_logprobs",
          "service_tier",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "prompt_cache_options");

  private static final List<String> READ_HERE =
      List.of(
          "input",
          "instructions",
          "previous_response_id",
          "conversation",
          "store",
          "stream_options",
          "max_output_tokens",
          "tools",
          "tool_choice",
          "text",
          "reasoning",
          "truncation",
          "metadata");

  /** Fields that ask for what this API does not do, unless they ask for nothing. */
  private static final List<String> NOT_DONE =
      List.of(
          "background",
          "background_options",
          "include",
          "context_management",
          "image",
          "moderation",
          "prompt",
          "max_tool_calls",
          "access_programs");

  private static final Set<String> KNOWN =
      Stream.of(SAME, READ_HERE, NOT_DONE).flatMap(List::stream).collect(Collectors.toSet());
  private static final Set<String> STREAM_OPTIONS = Set.of("include_obfuscation");
  private static final int MAX_METADATA = 16;
  private static final byte[] NOTHING = {'{', '}'};

  private final RequestBody bodies;
  private final ChatRequestReader chats;

  /**
   * @param maxBodyBytes largest body read; a larger one is refused unread with status 413
   */
  public ResponsesReader(int maxBodyBytes) {
    this.bodies = new RequestBody(maxBodyBytes);
    this.chats = new ChatRequestReader(maxBodyBytes);
  }

  /** The body of {@code POST /v1/responses}, or the 400 or 413 its sender gets. */
  public Parsed<ResponsesRequest> read(byte[] body) {
    return bodies.read(body, ResponsesReader::request);
  }

  /**
   * The chat completion that asks the same.
   *
   * @param own how many of its last messages this turn has brought
   */
  public record Chat(ChatRequest request, int own) {}

  /**
   * The chat completion that asks the same.
   *
   * @param remembered items of the session before this turn, the oldest first
   */
  public Parsed<Chat> chat(ResponsesRequest request, List<JsonNode> remembered) {
    InputItems items = new InputItems(bodies.json());
    try {
      request.instructions().ifPresent(text -> items.system(text, "instructions"));
      for (JsonNode item : remembered) {
        items.add(new Fields((ObjectNode) item, "previous_response_id"));
      }
      items.pause();
      int before = items.messages().size();
      Fields input = fields(request.input(), "input");
      input.objects("input").forEach(items::add);
      items.end(input);
      ObjectNode body = request.settings().deepCopy();
      body.set("messages", items.messages());
      return new Parsed.Ok<>(
          new Chat(chats.request(new Fields(body, "")), items.messages().size() - before));
    } catch (Refused e) {
      return new Parsed.Bad<>(ResponsesNames.renamed(e.error(), items.origins()));
    }
  }

  /** The body of a request about a conversation. */
  public record ConversationBody(Optional<ObjectNode> metadata, List<JsonNode> items) {}

  /** The body of {@code POST /v1/conversations} and of those below it; may be empty. */
  public Parsed<ConversationBody> conversation(byte[] body) {
    return bodies.read(body.length == 0 ? NOTHING : body, ResponsesReader::conversationBody);
  }

  private static ConversationBody conversationBody(Fields fields) {
    fields.only(Set.of("metadata", "items"));
    return new ConversationBody(
        fields.value("metadata").map(given -> metadata(fields)), items(fields, "items"));
  }

  /**
   * Items given to a conversation, as the {@code messages} of a body.
   *
   * @param remembered the conversation's items so far
   */
  public Parsed<ObjectNode> messages(List<JsonNode> remembered, List<JsonNode> given) {
    InputItems items = new InputItems(bodies.json());
    int before = 0;
    try {
      for (JsonNode item : remembered) {
        items.add(new Fields((ObjectNode) item, "conversation"));
      }
      items.pause();
      before = items.messages().size();
      fields(given, "items").objects("items").forEach(items::add);
      ObjectNode holder = JsonNodeFactory.instance.objectNode();
      ArrayNode own = holder.putArray("messages");
      for (int i = before; i < items.messages().size(); i++) {
        own.add(items.messages().get(i));
      }
      // A model is asked later: what it could not be told must not be remembered.
      new Fields(holder, "").objects("messages").forEach(chats::check);
      return new Parsed.Ok<>(holder);
    } catch (Refused e) {
      List<String> origins = items.origins();
      return new Parsed.Bad<>(
          ResponsesNames.renamed(e.error(), origins.subList(before, origins.size())));
    }
  }

  private static Fields fields(List<JsonNode> items, String name) {
    ObjectNode holder = JsonNodeFactory.instance.objectNode();
    holder.putArray(name).addAll(items);
    return new Fields(holder, "");
  }

  private static ResponsesRequest request(Fields body) {
    body.only(KNOWN);
    for (String name : NOT_DONE) {
      if (body.value(name).filter(value -> !asksForNothing(value)).isPresent()) {
        throw body.unsupported(name, "This API does not do that.");
      }
    }
    Optional<String> previous = body.string("previous_response_id");
    Optional<String> conversation = conversation(body);
    if (previous.isPresent() && conversation.isPresent()) {
      throw body.outOfRange("conversation", "none of it together with 'previous_response_id'");
    }
    Optional<Boolean> store = body.flag("store");
    if (conversation.isPresent() && store.filter(wanted -> !wanted).isPresent()) {
      throw body.outOfRange(
          "store", "not false together with 'conversation', which keeps the turn");
    }
    String truncation = body.string("truncation").orElse("auto");
    if (!Set.of("auto", "disabled").contains(truncation)) {
      throw body.outOfRange("truncation", "'auto' or 'disabled'");
    }
    return new ResponsesRequest(
        previous,
        conversation,
        store,
        truncation.equals("auto"),
        metadata(body),
        body.string("instructions"),
        input(body),
        settings(body));
  }

  private static boolean asksForNothing(JsonNode value) {
    return (value.isBoolean() && !value.booleanValue()) || (value.isArray() && value.isEmpty());
  }

  private static Optional<String> conversation(Fields body) {
    if (body.value("conversation").filter(JsonNode::isObject).isEmpty()) {
      return body.string("conversation");
    }
    return Optional.of(body.requiredObject("conversation").only(Set.of("id")).requiredString("id"));
  }

  private static ObjectNode metadata(Fields body) {
    ObjectNode metadata =
        body.object("metadata").map(Fields::node).orElseGet(JsonNodeFactory.instance::objectNode);
    if (metadata.size() > MAX_METADATA || !metadata.valueStream().allMatch(JsonNode::isTextual)) {
      throw body.outOfRange("metadata", "at most " + MAX_METADATA + " texts");
    }
    return metadata;
  }

  private static List<JsonNode> input(Fields body) {
    JsonNode input = body.value("input").orElseThrow(() -> body.missing("input"));
    if (!input.isTextual()) {
      List<JsonNode> items = items(body, "input");
      if (items.isEmpty()) {
        throw body.outOfRange("input", "at least one item");
      }
      return items;
    }
    ObjectNode item = JsonNodeFactory.instance.objectNode().put("role", "user");
    item.set("content", input);
    return List.of(item);
  }

  private static List<JsonNode> items(Fields body, String name) {
    List<JsonNode> items = new ArrayList<>();
    body.objects(name).forEach(item -> items.add(item.node()));
    return items;
  }

  private static ObjectNode settings(Fields body) {
    ObjectNode chat = JsonNodeFactory.instance.objectNode();
    for (String name : SAME) {
      body.value(name).ifPresent(value -> chat.set(name, value));
    }
    body.object("stream_options")
        .ifPresent(options -> chat.set("stream_options", options.only(STREAM_OPTIONS).node()));
    body.integer("max_output_tokens", 1).ifPresent(most -> chat.put("max_tokens", most));
    ResponsesTools.translate(body, chat);
    body.object("reasoning")
        .ifPresent(reasoning -> {
          for (String name : List.of("summary", "generate_summary", "context", "mode")) {
            if (reasoning.value(name).isPresent()) {
              throw reasoning.unsupported(name, "The models behind this API cannot honour it.");
            }
          }
          reasoning.only(Set.of("effort", "summary", "generate_summary", "context", "mode"));
          reasoning.string("effort").ifPresent(effort -> chat.put("reasoning_effort", effort));
        });
    return chat;
  }
}
