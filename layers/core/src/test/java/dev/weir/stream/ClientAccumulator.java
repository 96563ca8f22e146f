package dev.weir.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatChunkWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Rebuilds a completion from the wire form of its chunks the way the official SDKs do: strings are
 * appended, objects merged, list items merged by their {@code index}, other values replaced.
 */
final class ClientAccumulator {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode completion = JsonNodeFactory.instance.objectNode();

  static ObjectNode of(List<ChatChunk> chunks) throws IOException {
    ClientAccumulator accumulator = new ClientAccumulator();
    ChatChunkWriter writer = new ChatChunkWriter(true);
    for (ChatChunk chunk : chunks) {
      accumulator.add((ObjectNode) MAPPER.readTree(writer.bytes(chunk).orElseThrow()));
    }
    return accumulator.completion;
  }

  private void add(ObjectNode chunk) {
    if (completion.isEmpty()) {
      completion.set("id", chunk.get("id"));
      completion.set("created", chunk.get("created"));
      completion.set("model", chunk.get("model"));
      completion.put("object", "chat.completion");
      ObjectNode choice = completion.putArray("choices").addObject();
      choice.put("index", 0);
      choice.putObject("message");
    }
    ObjectNode choice = (ObjectNode) completion.get("choices").get(0);
    for (JsonNode piece : chunk.get("choices")) {
      merge((ObjectNode) choice.get("message"), (ObjectNode) piece.get("delta"));
      choice.set("logprobs", piece.get("logprobs"));
      choice.set("finish_reason", piece.get("finish_reason"));
    }
    if (chunk.hasNonNull("usage")) {
      completion.set("usage", chunk.get("usage"));
    }
  }

  private static void merge(ObjectNode into, ObjectNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      JsonNode before = into.get(field.getKey());
      JsonNode piece = field.getValue();
      if (before == null || before.isNull()) {
        into.set(
            field.getKey(), piece instanceof ArrayNode items ? byIndex(items) : piece.deepCopy());
      } else if (piece.isTextual() && !field.getKey().equals("type")) {
        into.put(field.getKey(), before.textValue() + piece.textValue());
      } else if (piece instanceof ObjectNode object) {
        merge((ObjectNode) before, object);
      } else if (piece instanceof ArrayNode items) {
        addAll((ArrayNode) before, items);
      } else {
        into.set(field.getKey(), piece);
      }
    }
  }

  private static ArrayNode byIndex(ArrayNode items) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    addAll(list, items);
    return list;
  }

  private static void addAll(ArrayNode list, ArrayNode items) {
    for (JsonNode item : items) {
      ObjectNode piece = item.deepCopy();
      int index = piece.remove("index").intValue();
      if (index == list.size()) {
        list.add(piece);
      } else {
        merge((ObjectNode) list.get(index), piece); // a gap in the indexes fails here
      }
    }
  }
}
