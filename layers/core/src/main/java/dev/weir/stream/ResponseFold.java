package dev.weir.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatChunk;
import dev.weir.api.ItemWriter;
import dev.weir.api.ResponseBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Folds the chunks of a chat completion into the output of a response and, on the way, into its
 * stream events: a streamed and a buffered response come from one state and cannot differ. Text and
 * reasoning are complete when something else begins; function calls, whose pieces a model may mix,
 * at the end. One answer, one thread.
 */
public final class ResponseFold {
  private final String turn;
  private final List<Item> items = new ArrayList<>();
  private Optional<Item> open = Optional.empty();
  private String finishReason = "stop";

  /**
   * @param turn in every item's id
   */
  public ResponseFold(String turn) {
    this.turn = turn;
  }

  /** What an output item is, and what its kind is called in ids and events. */
  private enum Kind {
    MESSAGE("msg", "message", "output_text"),
    REASONING("rs", "reasoning", "reasoning_text"),
    CALL("fc", "function_call", "function_call_arguments");

    private final String prefix;
    private final String type;
    private final String event;

    Kind(String prefix, String type, String event) {
      this.prefix = prefix;
      this.type = type;
      this.event = event;
    }
  }

  /** One output item in the making. */
  private static final class Item {
    private final Kind kind;
    private final int index;
    private final String callId;
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private String status = "in_progress";

    Item(Kind kind, int index, String callId, String name) {
      this.kind = kind;
      this.index = index;
      this.callId = callId;
      this.name = name;
    }
  }

  /** Takes in a chunk and returns the events it becomes, without their sequence numbers. */
  public List<ObjectNode> accept(ChatChunk chunk) {
    List<ObjectNode> events = new ArrayList<>();
    switch (chunk.delta()) {
      case ChatChunk.Role _, ChatChunk.Totals _ -> {}
      case ChatChunk.Text(String text) -> append(Kind.MESSAGE, text, events);
      case ChatChunk.Reasoning(String text) -> append(Kind.REASONING, text, events);
      case ChatChunk.CallStart(_, String id, String name) -> {
        close("completed", events);
        begin(new Item(Kind.CALL, items.size(), id, name), events);
      }
      case ChatChunk.CallArguments(int index, String json) -> delta(call(index), json, events);
      case ChatChunk.Finish(String reason) -> finish(reason, events);
    }
    return events;
  }

  /** The output items as they are now. */
  public ArrayNode output() {
    ArrayNode output = JsonNodeFactory.instance.arrayNode();
    items.forEach(item -> output.add(whole(item)));
    return output;
  }

  /** Why the answer ended; {@code stop} until it has. */
  public String finishReason() {
    return finishReason;
  }

  private Item call(int index) {
    return items.stream()
        .filter(item -> item.kind == Kind.CALL)
        .skip(index)
        .findFirst()
        .orElseThrow();
  }

  private void append(Kind kind, String text, List<ObjectNode> events) {
    if (open.filter(item -> item.kind == kind).isEmpty()) {
      close("completed", events);
      Item item = new Item(kind, items.size(), "", "");
      begin(item, events);
      events.add(part(event("response.content_part.added", item), item, ""));
      open = Optional.of(item);
    }
    delta(open.orElseThrow(), text, events);
  }

  private void begin(Item item, List<ObjectNode> events) {
    items.add(item);
    events.add(itemEvent("response.output_item.added", item));
  }

  private void delta(Item item, String text, List<ObjectNode> events) {
    item.text.append(text);
    ObjectNode event = event("response." + item.kind.event + ".delta", item);
    events.add(logprobs(event.put("delta", text), item));
  }

  /** Ends the text or reasoning that is being said, if any. */
  private void close(String status, List<ObjectNode> events) {
    open.ifPresent(item -> done(item, status, events));
    open = Optional.empty();
  }

  private void finish(String reason, List<ObjectNode> events) {
    finishReason = reason;
    open = Optional.empty();
    for (Item item : items) {
      if (item.status.equals("in_progress")) {
        // Only what was said last can have been cut short.
        boolean isLast = item.index == items.size() - 1;
        done(item, isLast ? ResponseBody.status(reason) : "completed", events);
      }
    }
  }

  private void done(Item item, String status, List<ObjectNode> events) {
    item.status = status;
    String text = item.text.toString();
    ObjectNode event = event("response." + item.kind.event + ".done", item);
    if (item.kind == Kind.CALL) {
      events.add(event.put("name", item.name).put("arguments", text));
    } else {
      events.add(logprobs(event.put("text", text), item));
      events.add(part(event("response.content_part.done", item), item, text));
    }
    events.add(itemEvent("response.output_item.done", item));
  }

  private static ObjectNode logprobs(ObjectNode event, Item item) {
    if (item.kind == Kind.MESSAGE) {
      event.putArray("logprobs");
    }
    return event;
  }

  private ObjectNode event(String type, Item item) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.put("item_id", id(item)).put("output_index", item.index);
    if (item.kind != Kind.CALL) {
      event.put("content_index", 0);
    }
    return event;
  }

  private ObjectNode itemEvent(String type, Item item) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.put("output_index", item.index).set("item", whole(item));
    return event;
  }

  private static ObjectNode part(ObjectNode event, Item item, String text) {
    event.set("part", part(item, text));
    return event;
  }

  private static ObjectNode part(Item item, String text) {
    return item.kind == Kind.MESSAGE
        ? ItemWriter.outputText(text)
        : JsonNodeFactory.instance.objectNode().put("type", "reasoning_text").put("text", text);
  }

  private String id(Item item) {
    return item.kind.prefix + "_" + turn + "_" + item.index;
  }

  private ObjectNode whole(Item item) {
    ObjectNode whole =
        ItemWriter.item(item.kind.prefix, turn + "_" + item.index, item.kind.type, item.status);
    switch (item.kind) {
      case CALL ->
          whole
              .put("call_id", item.callId)
              .put("name", item.name)
              .put("arguments", item.text.toString());
      case MESSAGE, REASONING -> {
        if (item.kind == Kind.MESSAGE) {
          whole.put("role", "assistant");
        } else {
          whole.putArray("summary");
        }
        ArrayNode content = whole.putArray("content");
        if (!item.text.isEmpty()) {
          content.add(part(item, item.text.toString()));
        }
      }
    }
    return whole;
  }
}
