package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.Part;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.TextPart;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.ChatRequest.ToolMessage;
import dev.weir.api.ChatRequest.UserMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code messages}. An assistant's tool calls must each be answered by exactly one {@code
 * tool} message before anything else is said, as OpenAI and Bedrock both demand.
 */
final class MessageReader {
  private static final Set<String> SYSTEM =
      Set.of("role", "content", "name", CacheControlReader.FIELD);
  private static final Set<String> USER = SYSTEM;
  private static final Set<String> TOOL =
      Set.of("role", "content", "tool_call_id", "name", CacheControlReader.FIELD);
  // What a client gets from us or from OpenAI it may send back as it is, and as OpenAI's own
  // clients do with what their parse helpers have added to it.
  private static final Set<String> ASSISTANT =
      Set.of(
          "role",
          "content",
          "name",
          "refusal",
          CacheControlReader.FIELD,
          "reasoning_content",
          "tool_calls",
          "annotations",
          "audio",
          "function_call",
          "parsed");
  private static final Set<String> CALL = Set.of("id", "type", "function", "index");
  private static final Set<String> CALL_FUNCTION = Set.of("name", "arguments", "parsed_arguments");

  private final StrictJson json;
  private final ContentReader contents = new ContentReader();

  MessageReader(StrictJson json) {
    this.json = json;
  }

  List<ChatMessage> read(Fields body) {
    List<ChatMessage> messages = new ArrayList<>();
    Set<String> unanswered = new HashSet<>();
    for (Fields fields : body.objects("messages")) {
      List<ChatMessage> read = message(fields);
      ChatMessage message = read.getFirst();
      if (message instanceof ToolMessage tool) {
        if (!unanswered.remove(tool.toolCallId())) {
          throw fields.outOfRange(
              "tool_call_id", "the id of a tool call of the preceding assistant message");
        }
      } else if (!unanswered.isEmpty()) {
        throw unanswered(fields.path());
      }
      if (message instanceof AssistantMessage assistant) {
        assistant.toolCalls().forEach(call -> unanswered.add(call.id()));
      }
      messages.addAll(read);
    }
    if (!unanswered.isEmpty()) {
      throw unanswered("messages");
    }
    if (messages.stream().noneMatch(UserMessage.class::isInstance)) {
      throw body.outOfRange("messages", "at least one message with role 'user'");
    }
    return messages;
  }

  /** Checks one message, whatever may be before or after it. */
  void check(Fields message) {
    message(message);
  }

  /** One message and the cache points after it; a system message is one per part. */
  private List<ChatMessage> message(Fields fields) {
    fields.string("name");
    return switch (fields.requiredString("role")) {
      case "system", "developer" -> system(fields.only(SYSTEM));
      case "user" -> List.of(new UserMessage(contents.userParts(fields.only(USER))));
      case "assistant" -> assistant(fields.only(ASSISTANT));
      case "tool" -> tool(fields.only(TOOL));
      case "function" -> throw fields.unsupported("role", "Send tool results with role 'tool'.");
      default ->
          throw fields.outOfRange("role", "'system', 'developer', 'user', 'assistant' or 'tool'");
    };
  }

  private List<ChatMessage> system(Fields fields) {
    List<ChatMessage> messages = new ArrayList<>();
    for (Part part : contents.textParts(fields)) {
      switch (part) {
        case TextPart(String text) -> messages.add(new SystemMessage(text));
        case CachePoint point -> messages.add(point);
        case ImagePart _ -> throw new IllegalStateException("an image among texts");
      }
    }
    if (fields.value("content").isEmpty()) {
      throw fields.missing("content");
    }
    return messages;
  }

  private List<ChatMessage> tool(Fields fields) {
    String id = fields.requiredString("tool_call_id");
    List<Part> parts = contents.textParts(fields);
    String text = ContentReader.joined(parts).orElseThrow(() -> fields.missing("content"));
    return marked(new ToolMessage(id, text), parts);
  }

  private static List<ChatMessage> marked(ChatMessage message, List<Part> parts) {
    return ContentReader.point(parts)
        .map(point -> List.<ChatMessage>of(message, point))
        .orElseGet(() -> List.of(message));
  }

  private List<ChatMessage> assistant(Fields fields) {
    for (String unsupported : List.of("audio", "function_call")) {
      if (fields.value(unsupported).isPresent()) {
        throw fields.unsupported(unsupported, "Leave it out.");
      }
    }
    fields.array("annotations");
    fields.string("reasoning_content");
    List<ToolCall> calls = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Fields call : fields.objects("tool_calls")) {
      calls.add(toolCall(call.only(CALL)));
      if (!ids.add(calls.getLast().id())) {
        throw call.outOfRange("id", "an id no other call of this message has");
      }
    }
    List<Part> parts = contents.textParts(fields);
    String text = ContentReader.joined(parts).or(() -> fields.string("refusal")).orElse("");
    if (calls.isEmpty() && fields.value("content").isEmpty() && text.isEmpty()) {
      throw fields.missing("content");
    }
    return marked(new AssistantMessage(text, calls), parts);
  }

  private ToolCall toolCall(Fields call) {
    if (!call.string("type").orElse("function").equals("function")) {
      throw call.unsupported("type", "Only 'function' is supported.");
    }
    String id = call.requiredString("id");
    if (!ToolReader.isToken(id, ".:")) {
      throw call.outOfRange("id", "1 to 64 letters, digits, '_', '-', '.' or ':'");
    }
    Fields function = call.requiredObject("function").only(CALL_FUNCTION);
    String arguments = function.requiredString("arguments");
    if (!arguments.isBlank() && json.parse(arguments).filter(JsonNode::isObject).isEmpty()) {
      throw function.outOfRange("arguments", "the text of a JSON object");
    }
    return new ToolCall(id, ToolReader.name(function), arguments.isBlank() ? "{}" : arguments);
  }

  private static Refused unanswered(String place) {
    return new Refused(
        ApiError.invalid(
            place,
            "invalid_value",
            "An assistant message with 'tool_calls' must be followed by one message with role"
                + " 'tool' for each 'tool_call_id'."));
  }
}
