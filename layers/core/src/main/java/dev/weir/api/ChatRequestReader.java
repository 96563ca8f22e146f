package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
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

  private final RequestBody body;
  private final MessageReader messages;
  private final ToolReader tools = new ToolReader();
  private final NeutralFields neutral = new NeutralFields();

  /**
   * @param maxBodyBytes largest body read; a larger one is refused unread with status 413
   */
  public ChatRequestReader(int maxBodyBytes) {
    this.body = new RequestBody(maxBodyBytes);
    this.messages = new MessageReader(body.json());
  }

  /** The request, or the 400 or 413 its sender gets. */
  public Parsed<ChatRequest> read(byte[] bytes) {
    return body.read(bytes, this::request);
  }

  /**
   * The request a body stands for.
   *
   * @throws Refused with the 400 its sender gets
   */
  ChatRequest request(Fields fields) {
    neutral.check(fields);
    String model = model(fields);
    List<ChatMessage> conversation = messages.read(fields);
    List<Tool> offered = tools.tools(fields);
    boolean stream = fields.flag("stream").orElse(false);
    ChatRequest request =
        new ChatRequest(
            model,
            conversation,
            offered,
            tools.choice(fields, offered),
            tools.format(fields),
            maxTokens(fields),
            fields.decimal("temperature", 0, 2),
            fields.decimal("top_p", 0, 1),
            stop(fields),
            fields.flag("parallel_tool_calls"),
            stream,
            includeUsage(fields, stream),
            fields.node());
    CacheControlReader.refuseGrowth(request.cachePoints(), fields);
    return request;
  }

  /**
   * Checks one message by itself.
   *
   * @throws Refused with the 400 its sender gets
   */
  void check(Fields message) {
    messages.check(message);
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
