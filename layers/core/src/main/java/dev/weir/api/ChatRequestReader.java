package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Every field of the OpenAI API is known: it
 * is honoured, or accepted because it cannot change the answer, or refused by name. Unknown fields
 * are refused. No input throws; time and memory are linear in the body. Thread-safe.
 */
public final class ChatRequestReader {
  private static final int MAX_MODEL_NAME = 256;
  private static final int MAX_STOP = 4;

  private final int maxBodyBytes;
  private final StrictJson json;
  private final MessageReader messages;
  private final ToolReader tools = new ToolReader();
  private final NeutralFields neutral = new NeutralFields();

  /**
   * @param maxBodyBytes largest body read; a larger one is refused unread with status 413
   */
  public ChatRequestReader(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
    this.json = new StrictJson(maxBodyBytes);
    this.messages = new MessageReader(json);
  }

  /** The request, or the 400 or 413 its sender gets. */
  public Parsed<ChatRequest> read(byte[] body) {
    if (body.length > maxBodyBytes) {
      return new Parsed.Bad<>(
          new ApiError(
              413,
              "invalid_request_error",
              "request_too_large",
              "The request body is larger than " + maxBodyBytes + " bytes.",
              Optional.empty()));
    }
    Optional<JsonNode> tree = json.parse(body);
    if (tree.isEmpty()) {
      return new Parsed.Bad<>(
          ApiError.malformed(
              "invalid_json",
              "We could not parse the JSON body of your request. It must be one UTF-8 document"
                  + " without duplicate keys, lone surrogates, NUL or numbers out of range."));
    }
    if (!(tree.get() instanceof ObjectNode object)) {
      return new Parsed.Bad<>(
          ApiError.malformed("invalid_type", "The request body must be a JSON object."));
    }
    try {
      return new Parsed.Ok<>(request(new Fields(object, "")));
    } catch (Refused e) {
      return new Parsed.Bad<>(e.error());
    }
  }

  private ChatRequest request(Fields body) {
    neutral.check(body);
    String model = model(body);
    List<ChatMessage> conversation = messages.read(body);
    List<Tool> offered = tools.tools(body);
    boolean stream = body.flag("stream").orElse(false);
    return new ChatRequest(
        model,
        conversation,
        offered,
        tools.choice(body, offered),
        tools.format(body),
        maxTokens(body),
        body.decimal("temperature", 0, 2),
        body.decimal("top_p", 0, 1),
        stop(body),
        body.flag("parallel_tool_calls"),
        stream,
        includeUsage(body, stream),
        body.node());
  }

  private static String model(Fields body) {
    String model = body.requiredString("model");
    if (model.isBlank() || model.length() > MAX_MODEL_NAME) {
      throw body.outOfRange("model", "1 to " + MAX_MODEL_NAME + " characters");
    }
    if (body.value("messages").isEmpty()) {
      throw body.missing("messages");
    }
    return model;
  }

  private static OptionalLong maxTokens(Fields body) {
    OptionalLong completion = body.integer("max_completion_tokens", 1);
    OptionalLong legacy = body.integer("max_tokens", 1);
    if (completion.isPresent() && legacy.isPresent() && !completion.equals(legacy)) {
      throw body.outOfRange("max_tokens", "no other value than 'max_completion_tokens'");
    }
    return completion.isPresent() ? completion : legacy;
  }

  private static List<String> stop(Fields body) {
    Optional<JsonNode> value = body.value("stop");
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> stop = new ArrayList<>();
    if (value.get().isTextual()) {
      stop.add(value.get().textValue());
    } else if (value.get().isArray()) {
      for (JsonNode item : value.get()) {
        if (!item.isTextual()) {
          throw body.wrongType("stop[" + stop.size() + "]", "a string", item);
        }
        stop.add(item.textValue());
      }
    } else {
      throw body.wrongType("stop", "a string or an array of strings", value.get());
    }
    if (stop.size() > MAX_STOP || stop.contains("")) {
      throw body.outOfRange("stop", "at most " + MAX_STOP + " strings, none of them empty");
    }
    return stop;
  }

  private static boolean includeUsage(Fields body, boolean stream) {
    Optional<Fields> options = body.object("stream_options");
    if (options.isPresent() && !stream) {
      throw body.outOfRange("stream_options", "it only together with 'stream': true");
    }
    return options
        .map(fields -> fields.only(NeutralFields.STREAM_OPTIONS))
        .flatMap(fields -> fields.flag("include_usage"))
        .orElse(false);
  }
}
