package dev.weir.route;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.CachePoint.Ttl;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a target keeps prompts, as the catalog declares it (Amazon Bedrock user guide, "Prompt
 * caching"). Pure.
 *
 * @param mode where cache points come from
 * @param points the most one request may have
 * @param minTokens of a prompt that is kept; a shorter one is asked as if it had no point
 * @param tools whether a point may follow a tool
 * @param hour whether prompts may be kept for an hour
 */
public record PromptCache(Mode mode, int points, long minTokens, boolean tools, boolean hour) {

  /** No prompt is kept. */
  public static final PromptCache OFF = new PromptCache(Mode.OFF, 0, 0, false, false);

  /** Turns of the model that are followed by a point of ours: what is read, and what is next. */
  private static final int TURNS = 2;

  /** Where cache points come from. */
  public enum Mode {
    /** Nowhere. */
    OFF,
    /** From the client. */
    MARKED,
    /** From us, where the client sets none. */
    AUTO
  }

  /** How many points of a request count here. */
  public long used(ChatRequest request) {
    return mode == Mode.OFF ? 0 : request.cachePoints().size() - unusable(request);
  }

  private long unusable(ChatRequest request) {
    return tools
        ? 0
        : request.tools().stream().filter(tool -> tool.cachePoint().isPresent()).count();
  }

  /** What of a request's marks has no effect here, as {@code x-weir-ignored} names it. */
  public List<String> ignored(ChatRequest request) {
    List<CachePoint> marks = request.cachePoints();
    if (mode == Mode.OFF) {
      return marks.isEmpty() ? List.of() : List.of("cache_control");
    }
    List<String> ignored = new ArrayList<>();
    if (!hour && marks.stream().anyMatch(mark -> mark.ttl() == Ttl.ONE_HOUR)) {
      ignored.add("cache_control.ttl");
    }
    if (unusable(request) > 0) {
      ignored.add("tools.cache_control");
    }
    return ignored;
  }

  /**
   * The request with the points this target takes, and ours where the client set none.
   *
   * @param promptTokens upper bound of the prompt
   */
  public ChatRequest fit(ChatRequest request, long promptTokens) {
    if (!request.cachePoints().isEmpty()) {
      return limited(request);
    }
    return mode == Mode.AUTO && promptTokens >= minTokens ? limited(automatic(request)) : request;
  }

  /**
   * After what never changes (tools and system) and after the last turns of the model: what the
   * next request repeats. The newest question is not kept: nobody may ever go on from it.
   */
  private ChatRequest automatic(ChatRequest request) {
    List<ChatMessage> messages = new ArrayList<>(request.instructions());
    boolean hasSystem = !messages.isEmpty();
    CachePoint point = new CachePoint(Ttl.FIVE_MINUTES);
    if (hasSystem) {
      messages.add(point);
    }
    List<ChatMessage> conversation = request.conversation();
    long turns = conversation.stream().filter(AssistantMessage.class::isInstance).count();
    for (ChatMessage message : conversation) {
      messages.add(message);
      if (message instanceof AssistantMessage && turns-- <= TURNS) {
        messages.add(point);
      }
    }
    List<Tool> offered = new ArrayList<>(request.tools());
    if (!hasSystem && !offered.isEmpty()) {
      Tool last = offered.removeLast();
      offered.add(new Tool(last.name(), last.description(), last.parameters(), Optional.of(point)));
    }
    return request.with(messages, offered);
  }

  private ChatRequest limited(ChatRequest request) {
    long surplus = mode == Mode.OFF ? Long.MAX_VALUE : Math.max(0, used(request) - points);
    return new CachePointFilter(tools, hour, surplus).apply(request);
  }
}
