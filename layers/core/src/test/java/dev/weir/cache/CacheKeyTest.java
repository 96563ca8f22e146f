package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.guard.GuardSet;
import dev.weir.ledger.Price;
import dev.weir.route.Model;
import dev.weir.route.PromptCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheKeyTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUEST =
      """
      {"model":"m","temperature":0,"top_p":0.5,"stop":["x"],"max_tokens":5,
       "messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}],
       "tools":[{"type":"function","function":{"name":"f","description":"d",
         "parameters":{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"number"}}}}}]}
      """;

  private static Model model(String target, String priceDate) {
    return new Model(
        "m",
        target,
        "vendor",
        1,
        1000,
        100,
        10,
        true,
        true,
        new Price("p", 1, 1, 0, 0, 0, "source", priceDate),
        new Model.CachePolicy(Model.CachePolicy.Mode.ALWAYS, Duration.ofHours(1), Optional.empty()),
        Model.Fallback.NONE,
        GuardSet.none(),
        Optional.empty(),
        Optional.empty(),
        PromptCache.OFF,
        Optional.empty());
  }

  private static final Model MODEL = model("vendor.m", "2026-01-01");

  private static ChatRequest request(String json) {
    Parsed<ChatRequest> parsed =
        new ChatRequestReader(100_000).read(json.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).as(json).isInstanceOf(Parsed.Ok.class);
    return ((Parsed.Ok<ChatRequest>) parsed).value();
  }

  private static CacheKey key(String json) {
    return CacheKey.of("acme", MODEL, 5, request(json), "g@1");
  }

  @Test
  void the_tenant_is_always_inside() {
    assertThat(CacheKey.of("other", MODEL, 5, request(REQUEST), "g@1").digest())
        .isNotEqualTo(key(REQUEST).digest());
  }

  @Test
  void another_target_cap_or_price_is_another_key() {
    ChatRequest request = request(REQUEST);
    Set<String> digests = new HashSet<>();
    digests.add(CacheKey.of("acme", MODEL, 5, request, "g@1").digest());
    digests.add(CacheKey.of("acme", MODEL, 6, request, "g@1").digest());
    digests.add(CacheKey.of("acme", MODEL, 5, request, "g@2").digest());
    digests.add(CacheKey.of("acme", model("vendor.n", "2026-01-01"), 5, request, "g@1").digest());
    digests.add(CacheKey.of("acme", model("vendor.m", "2026-01-02"), 5, request, "g@1").digest());

    assertThat(digests).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\":0|\"temperature\":0.1",
        "\"top_p\":0.5|\"top_p\":0.6",
        "[\"x\"]|[\"y\"]",
        "be brief|be verbose",
        "\"hi\"|\"hi \"",
        "\"system\"|\"user\"",
        "\"name\":\"f\"|\"name\":\"g\"",
        "\"type\":\"string\"|\"type\":\"integer\"",
        "\"top_p\":0.5|\"top_p\":0.5,\"parallel_tool_calls\":true",
        "\"top_p\":0.5|\"top_p\":0.5,\"tool_choice\":\"auto\"",
        "\"top_p\":0.5|\"top_p\":0.5,\"response_format\":{\"type\":\"text\"}"
      })
  void a_field_that_can_change_the_answer_changes_the_key(String change) {
    String[] parts = change.split("\\|", -1);
    String changed = REQUEST.replace(parts[0], parts[1]);
    assertThat(changed).isNotEqualTo(REQUEST);

    assertThat(key(changed)).isNotEqualTo(key(REQUEST));
  }

  @Test
  void who_asks_and_how_the_answer_travels_do_not() {
    String changed =
        REQUEST.replace(
            "\"top_p\":0.5",
            "\"top_p\":0.5,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"user\":\"u\",\"metadata\":{\"a\":\"b\"}");

    assertThat(key(changed)).isEqualTo(key(REQUEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"top_p\":0.5|\"top_p\":0.5,\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\"",
        "\"role\":\"user\"|\"role\":\"user\",\"cache_control\":{\"type\":\"ephemeral\"}",
        "\"type\":\"function\"|\"type\":\"function\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}",
        "\"name\":\"f\"|\"name\":\"f\",\"cache_control\":{\"type\":\"ephemeral\"}"
      })
  void a_wish_to_keep_the_prompt_does_not(String change) {
    String[] parts = change.split("\\|", -1);
    String marked = REQUEST.replace(parts[0], parts[1]);
    assertThat(marked).isNotEqualTo(REQUEST);

    assertThat(key(marked)).isEqualTo(key(REQUEST));
  }

  @Test
  void a_tools_own_parameter_of_that_name_does() {
    String one = REQUEST.replace("{\"b\":", "{\"cache_control\":{\"type\":\"number\"},\"b\":");

    assertThat(key(one)).isNotEqualTo(key(REQUEST));
    assertThat(key(one)).isNotEqualTo(key(one.replaceFirst("number", "string")));
  }

  @Test
  void the_order_of_object_members_and_white_space_do_not_count() throws Exception {
    Random random = new Random(42);
    JsonNode tree = JSON.readTree(REQUEST);
    for (int i = 0; i < 200; i++) {
      String shuffled =
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(shuffle(tree, random));
      assertThat(key(shuffled)).isEqualTo(key(REQUEST));
    }
  }

  @Test
  void the_order_of_messages_counts() {
    String two =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}";

    assertThat(key(two))
        .isNotEqualTo(
            key(two.replace("\"a\"", "\"c\"").replace("\"b\"", "\"a\"").replace("\"c\"", "\"b\"")));
  }

  @Test
  void text_cannot_imitate_structure() {
    String one =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}";
    String other =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\\\";},{4:role=\\\"user\\\";7:content=\\\"b\"}]}";

    assertThat(key(one)).isNotEqualTo(key(other));
  }

  private static JsonNode shuffle(JsonNode node, Random random) {
    if (node.isArray()) {
      var array = JSON.createArrayNode();
      node.forEach(element -> array.add(shuffle(element, random)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(node.properties());
    Collections.shuffle(fields, random);
    ObjectNode object = JSON.createObjectNode();
    fields.forEach(field -> object.set(field.getKey(), shuffle(field.getValue(), random)));
    return object;
  }
}
