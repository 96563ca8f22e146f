package dev.weir.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Generates chat requests, sound ones and ones broken in ways that keep most of their structure: a
 * random byte string would be refused at its first character and reach nothing.
 */
final class RequestGrammar {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "hi",
          "user",
          "tool",
          "function",
          "none",
          "auto",
          "data:image/png;base64,QUJD",
          "data:,",
          "http://127.0.0.1/",
          "{\"a\":1}",
          "{\"a\":1e999}",
          "{".repeat(100),
          "😀e\u0301\u202e\ufeff",
          "x".repeat(300));
  private static final List<String> OPTIONS =
      List.of(
          "n",
          "logprobs",
          "store",
          "audio",
          "modalities",
          "functions",
          "reasoning_effort",
          "service_tier",
          "presence_penalty",
          "logit_bias",
          "metadata",
          "seed");
  private static final List<String> RAW =
      List.of(
          "1e999",
          "-1e-999",
          "NaN",
          "-Infinity",
          "1".repeat(39),
          "1".repeat(41),
          "0".repeat(50),
          "-0",
          "9223372036854775808",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u0000\"",
          "\"\\x\"",
          "'a'",
          "[".repeat(70) + "]".repeat(70),
          "{\"a\":".repeat(70) + "1" + "}".repeat(70),
          "[" + "0,".repeat(300) + "0]",
          "{\"a\":1,\"a\":2}",
          "/**/1",
          "\u00001",
          "tru",
          "\"\t\"");

  private final Random random;

  RequestGrammar(long seed) {
    this.random = new Random(seed);
  }

  /** A request the reader should accept. */
  ObjectNode valid() {
    ObjectNode body = NODES.objectNode().put("model", pick(List.of("m", "nova-lite", "ü")));
    messages(body.putArray("messages"));
    if (chance(2)) {
      tools(body);
    }
    if (chance(3)) {
      body.put("temperature", random.nextInt(21) / 10.0);
    }
    if (chance(3)) {
      body.put("top_p", random.nextInt(11) / 10.0);
    }
    if (chance(3)) {
      body.put(pick(List.of("max_tokens", "max_completion_tokens")), 1 + random.nextInt(9999));
    }
    if (chance(3)) {
      body.putArray("stop").add("a").add("b");
    }
    if (chance(3)) {
      body.put("stream", true).putObject("stream_options").put("include_usage", chance(2));
    }
    if (chance(4)) {
      format(body.putObject("response_format"));
    }
    if (chance(4)) {
      body.put("seed", random.nextInt()).put("user", "u").putNull("audio");
    }
    return body;
  }

  /** The bytes of a request, broken or not. */
  byte[] hostile() {
    ObjectNode body = valid();
    for (int i = random.nextInt(4); i > 0; i--) {
      mutate(body);
    }
    String text = text(body);
    if (chance(3)) {
      text = splice(text);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return chance(4) ? damage(bytes) : bytes;
  }

  private void messages(ArrayNode messages) {
    if (chance(2)) {
      messages.addObject().put("role", pick(List.of("system", "developer"))).put("content", "s");
    }
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      ObjectNode user = messages.addObject().put("role", "user");
      if (chance(2)) {
        user.put("content", "q");
      } else {
        ArrayNode parts = user.putArray("content");
        parts.addObject().put("type", "text").put("text", "q");
        parts
            .addObject()
            .put("type", "image_url")
            .putObject("image_url")
            .put("url", "data:image/webp;base64,QUJDRA==");
      }
      if (chance(2)) {
        exchange(messages, i);
      }
    }
  }

  private void exchange(ArrayNode messages, int turn) {
    ObjectNode assistant = messages.addObject().put("role", "assistant").put("content", "a");
    int calls = random.nextInt(3);
    if (calls == 0) {
      return;
    }
    ArrayNode list = assistant.putArray("tool_calls");
    for (int call = 0; call < calls; call++) {
      String id = "call_" + turn + "." + call;
      list.addObject()
          .put("id", id)
          .put("type", "function")
          .putObject("function")
          .put("name", "f")
          .put("arguments", "{\"a\":[1,\"x\"]}");
      messages.addObject().put("role", "tool").put("tool_call_id", id).put("content", "r");
    }
  }

  private void tools(ObjectNode body) {
    ObjectNode function =
        body.putArray("tools").addObject().put("type", "function").putObject("function");
    function.put("name", "f").put("description", "d").put("strict", chance(2));
    schema(function.putObject("parameters"), 1 + random.nextInt(5));
    if (chance(2)) {
      body.put("tool_choice", pick(List.of("auto", "none", "required")));
      body.put("parallel_tool_calls", chance(2));
    }
  }

  private void format(ObjectNode format) {
    String type = pick(List.of("text", "json_object", "json_schema"));
    format.put("type", type);
    if (type.equals("json_schema")) {
      schema(format.putObject("json_schema").put("name", "s").putObject("schema"), 2);
    }
  }

  private void schema(ObjectNode schema, int depth) {
    ObjectNode properties = schema.put("type", "object").putObject("properties");
    for (int i = 0; i < depth; i++) {
      schema(properties.putObject("p" + i), depth - 2);
    }
  }

  /** Sets an option, or changes, drops, copies or renames one field or item anywhere. */
  private void mutate(ObjectNode body) {
    if (chance(8)) {
      body.set(pick(OPTIONS), value(body));
      return;
    }
    List<JsonNode> containers = new ArrayList<>();
    collect(body, containers);
    JsonNode container = pick(containers);
    if (container instanceof ArrayNode array) {
      switch (random.nextInt(3)) {
        case 0 -> array.add(value(body));
        case 1 -> array.removeAll();
        default -> {
          if (!array.isEmpty()) {
            array.set(random.nextInt(array.size()), value(body));
          }
        }
      }
    } else if (container instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.isEmpty() ? "x" : pick(names);
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(pick(TEXTS) + name, value(body));
        default -> object.set(name, value(body));
      }
    }
  }

  private JsonNode value(ObjectNode body) {
    return switch (random.nextInt(9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(chance(2));
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(random.nextGaussian());
      case 4 -> NODES.arrayNode();
      case 5 -> NODES.objectNode();
      case 6 -> {
        List<JsonNode> containers = new ArrayList<>();
        collect(body, containers);
        yield pick(containers).deepCopy();
      }
      default -> NODES.textNode(pick(TEXTS));
    };
  }

  /** Puts raw text, which no tree can hold, in place of one value. */
  private String splice(String text) {
    int colon = text.indexOf(':', random.nextInt(text.length()));
    int end = colon < 0 ? -1 : indexOfEnd(text, colon + 1);
    return end < 0
        ? text + pick(RAW)
        : text.substring(0, colon + 1) + pick(RAW) + text.substring(end);
  }

  private static int indexOfEnd(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (",}]".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Cuts the bytes off, flips some, or repeats a part. */
  private byte[] damage(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> {
        byte[] damaged = bytes.clone();
        damaged[at] = (byte) random.nextInt(256);
        return damaged;
      }
      default -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + at);
        System.arraycopy(bytes, 0, longer, bytes.length, at);
        return longer;
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
