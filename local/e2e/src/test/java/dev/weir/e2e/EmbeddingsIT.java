package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The embeddings door of the real template, with a real small model behind it. */
class EmbeddingsIT extends OnStack {

  EmbeddingsIT() throws IOException {
    super(
        Stack.startTogether(
            "embeddings", Map.of("EmbeddingWindowMs", "50", "RequestSeconds", "60"), 8));
  }

  private Reply embed(Caller caller, String body) {
    return stack.embeddings(caller, body.replace('\'', '"'), Map.of());
  }

  private Map<String, AttributeValue> row(Caller caller, int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == count);
    return stack.ledger(caller).getLast();
  }

  private static double[] numbers(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static double[] decoded(JsonNode base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[bytes.remaining() / Float.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getFloat();
    }
    return numbers;
  }

  @Test
  void base64_holds_the_very_numbers_that_float_shows() {
    Caller caller = caller();

    Reply floats = embed(caller, "{'model':'minilm','input':'A river.'}");
    row(caller, 1); // its vectors are kept by then
    Reply base64 =
        embed(caller, "{'model':'minilm','input':'A river.','encoding_format':'base64'}");

    assertThat(floats.status()).isEqualTo(200);
    double[] vector = numbers(floats.json().at("/data/0/embedding"));
    assertThat(vector).hasSize(384);
    assertThat(decoded(base64.json().at("/data/0/embedding"))).isEqualTo(vector);
    assertThat(base64.header("x-weir-cache")).isEqualTo("hit");
  }

  @Test
  void only_what_is_missing_is_asked_and_paid_and_the_budget_knows() {
    Caller caller = caller();
    embed(caller, "{'model':'hash-embedding','input':['one two','three']}");
    row(caller, 1); // its vectors are kept by then

    Reply reply =
        embed(caller, "{'model':'hash-embedding','input':['three','four five six','three']}");

    assertThat(reply.header("x-weir-cache")).isEqualTo("partial");
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("3");
    assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isEqualTo(5);
    assertThat(stack.bedrockCount("inputTokens")).isEqualTo(6);
    assertThat(Stack.text(row(caller, 2), "outcome")).isEqualTo("complete");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> stack.directory().spend(caller.tenantId()).orElseThrow().dayMicroUsd() == 6);
  }

  @Test
  void dimensions_and_token_ids_are_honoured() {
    Reply reply =
        embed(
            caller(), "{'model':'hash-embedding','input':[[15339,1917],[15339]],'dimensions':256}");

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().at("/data/0/embedding")).hasSize(256);
    assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void calls_at_once_share_a_request_and_each_gets_and_pays_its_own() {
    // A slow machine may not bring any two of them into the window at the first try.
    boolean isShared = false;
    for (int round = 0; round < 5 && !isShared; round++) {
      isShared = callsAtOnce() < 8;
    }
    assertThat(isShared).isTrue();
  }

  /** How often the model is asked for 8 calls at once. */
  private long callsAtOnce() {
    List<Caller> callers = new ArrayList<>();
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    embed(caller(), "{'model':'hash-embedding-batched','input':'warm'}");
    stack.calm();
    for (int i = 0; i < 8; i++) {
      Caller caller = caller();
      callers.add(caller);
      String body =
          "{'model':'hash-embedding-batched','input':['tenant number %d','and more']}".formatted(i);
      replies.add(CompletableFuture.supplyAsync(() -> embed(caller, body)));
    }

    for (int i = 0; i < 8; i++) {
      assertThat(replies.get(i).join().status()).isEqualTo(200);
      assertThat(replies.get(i).join().header("x-weir-cost-microusd")).isEqualTo("5");
      row(callers.get(i), 1);
      Reply alone =
          embed(
              callers.get(i),
              "{'model':'hash-embedding-batched','input':'tenant number %d'}".formatted(i));
      assertThat(alone.header("x-weir-cache")).isEqualTo("hit");
      assertThat(numbers(alone.json().at("/data/0/embedding")))
          .isEqualTo(numbers(replies.get(i).join().json().at("/data/0/embedding")));
    }
    assertThat(stack.bedrockCount("inputTokens")).isEqualTo(40);
    return stack.bedrockCount("started");
  }

  @Test
  void a_model_that_fails_is_named_and_nothing_stands_in_for_it() {
    Caller caller = caller();
    stack.fault(
        "{\"model\":\"local.hash-embedding\",\"operation\":\"InvokeModel\",\"kind\":\"status\",\"status\":429,\"retryAfterSeconds\":2}");

    Reply reply = embed(caller, "{'model':'hash-embedding','input':'a'}");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.code()).isEqualTo("upstream_throttled");
    assertThat(reply.header("retry-after")).isEqualTo("2");
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
    assertThat(Stack.text(row(caller, 1), "outcome")).isEqualTo("throttled");
    stack.bedrock("DELETE", "faults", "");
    assertThat(embed(caller, "{'model':'hash-embedding','input':'a'}").status()).isEqualTo(200);
  }

  @Test
  void an_empty_answer_and_a_reset_are_errors() {
    for (String kind : List.of("empty", "reset", "garbage")) {
      stack.fault(
          "{\"model\":\"local.hash-embedding\",\"kind\":\"%s\",\"times\":1}".formatted(kind));

      assertThat(embed(caller(), "{'model':'hash-embedding','input':'a'}").status())
          .as(kind)
          .isBetween(500, 503);
    }
  }

  @Test
  void guards_look_at_inputs() {
    Caller caller = caller();
    stack.directory().changeGuard(caller.tenantId(), "strict");

    Reply blocked =
        embed(
            caller,
            "{'model':'hash-embedding','input':['fine','keep AKIA%s']}"
                .formatted("QWERTYUIOP234567"));
    Reply masked = embed(caller, "{'model':'hash-embedding','input':'mail jo@example.com now'}");

    assertThat(blocked.code()).isEqualTo("content_filter");
    assertThat(blocked.json().at("/error/param").asText()).isEqualTo("input");
    assertThat(masked.header("x-weir-guard")).isEqualTo("masked input:pii");
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
  }

  @Test
  void a_switch_turns_the_door_off_and_chat_goes_on() {
    Caller caller = caller();
    Target door = new Target(Target.Kind.DOOR, "embeddings");
    stack.switches().turnOff(new Off(door, 0, "ops", "a drill"));
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(embed(caller, "{'model':'hash-embedding','input':'b'}").code())
                  .isEqualTo("switched_off"));
    } finally {
      stack.switches().turnOn(door);
    }
    // An environment may hold for 2 s what it has read.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> embed(caller, "{'model':'hash-embedding','input':'b'}").status() == 200);
    assertThat(
            stack
                .chat(
                    caller,
                    "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void a_model_of_the_other_kind_is_named_both_ways_and_both_are_listed() {
    Caller caller = caller();

    Reply chat =
        stack.chat(
            caller, "{\"model\":\"minilm\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    Reply embeddings = embed(caller, "{'model':'scripted','input':'a'}");

    assertThat(chat.status()).isEqualTo(400);
    assertThat(chat.code()).isEqualTo("model_not_supported");
    assertThat(chat.json().at("/error/message").asText()).contains("minilm", "/v1/embeddings");
    assertThat(embeddings.status()).isEqualTo(400);
    assertThat(embeddings.json().at("/error/message").asText()).contains("scripted");
    assertThat(stack.get(caller, "/v1/models").body()).contains("\"minilm\"", "\"scripted\"");
    assertThat(stack.get(caller, "/v1/models/minilm").status()).isEqualTo(200);
  }
}
