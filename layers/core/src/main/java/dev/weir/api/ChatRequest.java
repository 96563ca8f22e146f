package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * {@code POST /v1/chat/completions}, read strictly (OpenAI API reference, "Create chat
 * completion").
 *
 * @param model the model as the client names it
 * @param maxTokens {@code max_completion_tokens}, else {@code max_tokens}
 * @param stop up to 4 stop sequences
 * @param parallelToolCalls absent when the client did not say
 * @param includeUsage {@code stream_options.include_usage}
 * @param body the whole parsed body, from which the cache key is made
 */
public record ChatRequest(
    String model,
    List<ChatMessage> messages,
    List<Tool> tools,
    Optional<ToolChoice> toolChoice,
    Optional<ResponseFormat> responseFormat,
    OptionalLong maxTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    List<String> stop,
    Optional<Boolean> parallelToolCalls,
    boolean stream,
    boolean includeUsage,
    JsonNode body) {

  /**
   * What was accepted but has no effect on the answer, such as {@code seed}, {@code
   * tools.function.strict} or {@code temperature above 1}. A reply should name it, so that nothing
   * is ignored silently.
   */
  public List<String> ignored() {
    return NeutralFields.withoutEffect(body);
  }

  /** The same request with other messages. */
  public ChatRequest with(List<ChatMessage> others) {
    return with(others, tools);
  }

  /** The same request with other messages and tools. */
  public ChatRequest with(List<ChatMessage> others, List<Tool> offered) {
    return new ChatRequest(
        model,
        others,
        offered,
        toolChoice,
        responseFormat,
        maxTokens,
        temperature,
        topP,
        stop,
        parallelToolCalls,
        stream,
        includeUsage,
        body);
  }

  /** The same request at another temperature. */
  public ChatRequest at(double other) {
    return new ChatRequest(
        model,
        messages,
        tools,
        toolChoice,
        responseFormat,
        maxTokens,
        OptionalDouble.of(other),
        topP,
        stop,
        parallelToolCalls,
        stream,
        includeUsage,
        body);
  }

  /** System messages and the cache points that follow them, in their order. */
  public List<ChatMessage> instructions() {
    return part(true);
  }

  /** All other messages and the cache points that follow them, in their order. */
  public List<ChatMessage> conversation() {
    return part(false);
  }

  private List<ChatMessage> part(boolean ofSystem) {
    List<ChatMessage> part = new ArrayList<>();
    boolean isInside = false;
    for (ChatMessage message : messages) {
      isInside =
          message instanceof CachePoint ? isInside : ofSystem == message instanceof SystemMessage;
      if (isInside) {
        part.add(message);
      }
    }
    return part;
  }

  /** Every cache point, in the order a model reads them: tools, system, conversation. */
  public List<CachePoint> cachePoints() {
    List<CachePoint> points = new ArrayList<>();
    tools.forEach(tool -> tool.cachePoint().ifPresent(points::add));
    for (List<ChatMessage> part : List.of(instructions(), conversation())) {
      for (ChatMessage message : part) {
        List<?> pieces = message instanceof UserMessage(var parts) ? parts : List.of(message);
        for (Object piece : pieces) {
          if (piece instanceof CachePoint point) {
            points.add(point);
          }
        }
      }
    }
    return points;
  }

  /** One message of the conversation, or a cache point after one. */
  public sealed interface ChatMessage {}

  /** A {@code system} or {@code developer} message. */
  public record SystemMessage(String text) implements ChatMessage {}

  /** A {@code user} message. */
  public record UserMessage(List<Part> parts) implements ChatMessage {}

  /** An {@code assistant} message: text, tool calls or both. */
  public record AssistantMessage(String text, List<ToolCall> toolCalls) implements ChatMessage {}

  /** A {@code tool} message: the result of one tool call. */
  public record ToolMessage(String toolCallId, String text) implements ChatMessage {}

  /** A part of a user message, or a cache point after one. */
  public sealed interface Part {}

  /**
   * A wish that the provider keep the prompt up to here, so that the next request that begins alike
   * pays less for it ({@code cache_control} of OpenAI-compatible gateways).
   */
  public record CachePoint(Ttl ttl) implements ChatMessage, Part {

    /** How long an unused prefix is kept (Bedrock {@code CacheTTL}). */
    public enum Ttl {
      FIVE_MINUTES("5m"),
      ONE_HOUR("1h");

      private final String text;

      Ttl(String text) {
        this.text = text;
      }

      /** As requests have it. */
      public String text() {
        return text;
      }
    }
  }

  /** Text. */
  public record TextPart(String text) implements Part {}

  /**
   * An image given as a {@code data:} URI.
   *
   * @param format png, jpeg, gif or webp
   * @param base64 the bytes, valid base64
   */
  public record ImagePart(String format, String base64) implements Part {}

  /** A call the model made. {@code arguments} is the text of a JSON object, byte for byte. */
  public record ToolCall(String id, String name, String arguments) {}

  /**
   * A function the model may call.
   *
   * @param parameters a JSON Schema
   * @param cachePoint after it
   */
  public record Tool(
      String name, String description, JsonNode parameters, Optional<CachePoint> cachePoint) {

    /** A tool without a cache point. */
    public Tool(String name, String description, JsonNode parameters) {
      this(name, description, parameters, Optional.empty());
    }
  }

  /** Which tools the model may or must call. */
  public sealed interface ToolChoice {
    record None() implements ToolChoice {}

    record Auto() implements ToolChoice {}

    record Required() implements ToolChoice {}

    record Named(String name) implements ToolChoice {}
  }

  /** The form the answer must have. */
  public sealed interface ResponseFormat {
    record JsonObject() implements ResponseFormat {}

    record JsonSchema(String name, JsonNode schema) implements ResponseFormat {}
  }
}
