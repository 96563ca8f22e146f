package dev.weir.route;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.Part;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolMessage;
import dev.weir.api.ChatRequest.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves a request the cache points a target takes. Of too many the last stay: they cover more of
 * the prompt. One request, one thread.
 */
final class CachePointFilter {

  private final boolean tools;
  private final boolean hour;
  private long surplus;

  /**
   * @param tools whether points after tools may stay
   * @param hour whether an hour may stay an hour; else it becomes five minutes
   * @param surplus points that must go
   */
  CachePointFilter(boolean tools, boolean hour, long surplus) {
    this.tools = tools;
    this.hour = hour;
    this.surplus = surplus;
  }

  ChatRequest apply(ChatRequest request) {
    List<Tool> offered = request.tools().stream().map(this::tool).toList();
    List<ChatMessage> messages = new ArrayList<>();
    for (List<ChatMessage> part : List.of(request.instructions(), request.conversation())) {
      for (ChatMessage message : part) {
        switch (message) {
          case CachePoint point -> keep(point).ifPresent(messages::add);
          case UserMessage(List<Part> parts) -> messages.add(new UserMessage(parts(parts)));
          case SystemMessage _, AssistantMessage _, ToolMessage _ -> messages.add(message);
        }
      }
    }
    return request.with(messages, offered);
  }

  private Tool tool(Tool tool) {
    return new Tool(
        tool.name(),
        tool.description(),
        tool.parameters(),
        tool.cachePoint().filter(_ -> tools).flatMap(this::keep));
  }

  private List<Part> parts(List<Part> parts) {
    List<Part> kept = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof CachePoint point) {
        keep(point).ifPresent(kept::add);
      } else {
        kept.add(part);
      }
    }
    return kept;
  }

  private Optional<CachePoint> keep(CachePoint point) {
    if (surplus > 0) {
      surplus--;
      return Optional.empty();
    }
    return Optional.of(hour ? point : new CachePoint(CachePoint.Ttl.FIVE_MINUTES));
  }
}
