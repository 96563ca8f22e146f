package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.model.ModelCall;
import dev.weir.route.PromptCache;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * C46: what a provider's prompt cache compares, the bytes before a cache point, is the same from
 * turn to turn, whatever follows it.
 */
class PromptPrefixTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POINT = "{\"cachePoint\":";
  private static final Pattern POINTS = Pattern.compile(",\\{\"cachePoint\":\\{[^}]*}}");
  private static final List<String> TEXTS =
      List.of("hi", " ", "Grüß 😀 \u2028", "{\"cachePoint\":{}}", "a\"b\\c", "x".repeat(300), "");

  /** A conversation that grows turn by turn. */
  private static final class Conversation {
    private final Random random;
    private final ArrayNode messages = JSON.createArrayNode();
    private final ArrayNode tools = JSON.createArrayNode();
    private int calls;

    Conversation(Random random) {
      this.random = random;
      for (int i = random.nextInt(3); i > 0; i--) {
        say("system");
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", "f" + random.nextInt(1_000_000)).put("description", text());
        ObjectNode schema = function.putObject("parameters").put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("z" + i).put("type", "number").put("maximum", 1.50);
        properties.putObject("a" + i).put("type", "string");
      }
      ask();
    }

    private String text() {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private void say(String role) {
      ObjectNode message = messages.addObject().put("role", role);
      if (random.nextBoolean()) {
        message.put("content", text());
        return;
      }
      ArrayNode parts = message.putArray("content");
      for (int i = 0; i <= random.nextInt(3); i++) {
        parts.addObject().put("type", "text").put("text", text());
      }
    }

    private void ask() {
      say("user");
      ((ObjectNode) messages.get(messages.size() - 1))
          .put("content", "question " + random.nextInt());
    }

    /** An answer, with or without tool calls and their results, and the next question. */
    void goOn() {
      while (!tools.isEmpty() && random.nextInt(3) == 0) {
        String id = "c" + calls++;
        ObjectNode answer = messages.addObject().put("role", "assistant").put("content", text());
        ObjectNode call = answer.putArray("tool_calls").addObject();
        call.put("id", id).put("type", "function");
        call.putObject("function")
            .put("name", tools.get(0).path("function").path("name").asText())
            .put("arguments", "{\"b\": 1.0,  \"a\":[]}");
        messages.addObject().put("role", "tool").put("tool_call_id", id).put("content", text());
      }
      messages.addObject().put("role", "assistant").put("content", "answer " + random.nextInt());
      ask();
    }

    /** The request of this turn; with marks, on its system prompt and its last message. */
    ChatRequest request(boolean isMarked) {
      ObjectNode body = JSON.createObjectNode().put("model", "m");
      ArrayNode all = body.putArray("messages").addAll(messages.deepCopy());
      if (isMarked) {
        mark(all.get(0));
        mark(all.get(all.size() - 1));
      }
      if (!tools.isEmpty()) {
        body.set("tools", tools.deepCopy());
      }
      // What differs between turns without being part of the prompt.
      body.put("temperature", random.nextInt(2)).put("max_tokens", 1 + random.nextInt(99));
      return switch (new ChatRequestReader(1_000_000)
          .read(body.toString().getBytes(StandardCharsets.UTF_8))) {
        case Parsed.Ok<ChatRequest>(ChatRequest read) -> read;
        case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.toString());
      };
    }

    private static void mark(com.fasterxml.jackson.databind.JsonNode message) {
      ((ObjectNode) message).putObject("cache_control").put("type", "ephemeral");
    }
  }

  private static String bytes(ChatRequest request, PromptCache.Mode mode) {
    PromptCache cache = new PromptCache(mode, 4, 0, true, true);
    ModelCall call = new ModelCall("m", cache.fit(request, 1_000), 100, true);
    return new String(ConverseBody.bytes(call, ConversePlan.of(call)), StandardCharsets.UTF_8);
  }

  private static String withoutPoints(String body) {
    return POINTS.matcher(body).replaceAll("");
  }

  @ParameterizedTest
  @EnumSource(names = {"MARKED", "AUTO"})
  void what_stands_before_the_last_cache_point_begins_the_next_turn_too(PromptCache.Mode mode) {
    int compared = 0;
    for (int seed = 0; seed < 400; seed++) {
      Conversation conversation = new Conversation(new Random(seed));
      String before = bytes(conversation.request(mode == PromptCache.Mode.MARKED), mode);
      for (int turn = 0; turn < 6; turn++) {
        conversation.goOn();
        String after = bytes(conversation.request(mode == PromptCache.Mode.MARKED), mode);
        int last = before.lastIndexOf("," + POINT);
        if (last > 0) {
          compared++;
          assertThat(withoutPoints(after)).startsWith(withoutPoints(before.substring(0, last)));
        }
        before = after;
      }
    }
    assertThat(compared).isGreaterThan(1_500);
  }

  @Test
  void a_point_of_ours_after_an_answer_is_there_again_in_the_next_turn() {
    for (int seed = 0; seed < 200; seed++) {
      Conversation conversation = new Conversation(new Random(seed));
      conversation.goOn();
      String before = bytes(conversation.request(false), PromptCache.Mode.AUTO);
      String prefix = withoutPoints(before.substring(0, before.lastIndexOf("," + POINT)));
      conversation.goOn();
      String after = bytes(conversation.request(false), PromptCache.Mode.AUTO);
      boolean isKept = false;
      for (int at = after.indexOf("," + POINT); at > 0; at = after.indexOf("," + POINT, at + 1)) {
        isKept |= withoutPoints(after.substring(0, at)).equals(prefix);
      }
      // A tool call in between has moved both points on: Claude looks back, Nova writes again.
      boolean hasCalls = after.indexOf("toolUse", prefix.length()) > 0;
      assertThat(isKept || hasCalls).as("seed " + seed).isTrue();
    }
  }

  @Test
  void marks_change_nothing_on_the_wire_but_the_points() {
    for (int seed = 0; seed < 200; seed++) {
      Conversation conversation = new Conversation(new Random(seed));
      conversation.goOn();
      ChatRequest plain = conversation.request(false);
      ChatRequest marked = conversation.request(true);
      String tail = "],\"inferenceConfig\"";
      String one = bytes(plain, PromptCache.Mode.MARKED);
      String other = bytes(marked, PromptCache.Mode.MARKED);

      assertThat(other).contains(POINT);
      assertThat(withoutPoints(other.substring(0, other.lastIndexOf(tail))))
          .isEqualTo(one.substring(0, one.lastIndexOf(tail)));
    }
  }
}
