package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The events of a streamed response, checked for their order and folded as clients fold them. */
record Events(List<JsonNode> all) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Events of(Client.Reply reply) {
    List<JsonNode> all = new ArrayList<>();
    String named = "";
    try {
      for (String line : reply.text().lines().toList()) {
        if (line.startsWith("event: ")) {
          named = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          JsonNode event = JSON.readTree(line.substring("data: ".length()));
          require(event.path("type").asText().equals(named), "the event's name is not its type");
          require(event.path("sequence_number").asInt(-1) == all.size(), "a gap in the sequence");
          all.add(event);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Events(all);
  }

  List<String> types() {
    return all.stream().map(event -> event.path("type").asText()).toList();
  }

  JsonNode last() {
    return all.getLast();
  }

  /** What a client has put together from the deltas, within the response of the last event. */
  JsonNode folded() {
    require(types().getFirst().equals("response.created"), "does not begin as it should");
    ArrayNode output = JsonNodeFactory.instance.arrayNode();
    for (JsonNode event : all) {
      int index = event.path("output_index").asInt();
      switch (event.path("type").asText()) {
        case "response.output_item.added" -> output.add(event.get("item").deepCopy());
        case "response.content_part.added" ->
            ((ArrayNode) output.get(index).get("content")).add(event.get("part").deepCopy());
        case "response.output_text.delta", "response.reasoning_text.delta" ->
            append(output.get(index).path("content").get(0), "text", event);
        case "response.function_call_arguments.delta" ->
            append(output.get(index), "arguments", event);
        case "response.output_item.done" ->
            ((ObjectNode) output.get(index)).set("status", event.path("item").path("status"));
        default -> {}
      }
    }
    ObjectNode response = last().path("response").deepCopy();
    response.set("output", output);
    return response;
  }

  private static void append(JsonNode node, String name, JsonNode event) {
    ((ObjectNode) node).put(name, node.path(name).asText() + event.path("delta").asText());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
