package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@code docs/prompt-caching.md} against a stand-in that keeps prompts as Bedrock does. */
class PromptCachingIT extends OnStack {

  private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\"}";

  private Caller caller;

  PromptCachingIT() throws IOException {
    super(Stack.start("prompt-caching", Map.of()));
  }

  @BeforeEach
  void newTenant() {
    caller = stack.tenant(Stack.unlimited());
  }

  private static String chat(String model, String... messages) {
    return "{\"model\":\"%s\",\"max_tokens\":64,\"messages\":[%s]}"
        .formatted(model, String.join(",", messages));
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }

  private static String system(String word, int count, String mark) {
    return "{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"%s}]}"
        .formatted((word + " ").repeat(count).strip(), mark.isEmpty() ? "" : "," + mark);
  }

  private static List<Integer> counts(JsonNode usage) {
    JsonNode details = usage.path("prompt_tokens_details");
    return List.of(
        usage.path("prompt_tokens").asInt(),
        details.path("cached_tokens").asInt(),
        details.path("cache_write_tokens").asInt());
  }

  @Test
  void the_first_call_writes_and_the_second_reads_and_each_is_billed_so() {
    String marked = system("first", 100, MARK);

    Reply written = stack.chat(caller, chat("scripted", marked, message("user", "one two")));
    String streamed =
        chat("scripted", marked, message("user", "three four"))
            .replaceFirst("\\{", "{\"stream\":true,\"stream_options\":{\"include_usage\":true},");
    List<JsonNode> chunks = stack.chat(caller, streamed).chunks();

    assertThat(counts(written.json().path("usage"))).containsExactly(102, 0, 100);
    assertThat(counts(chunks.getLast().path("usage"))).containsExactly(102, 100, 0);
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 2);
    // 2 in, 4 out; then 100 at 1.25 times the price of input, or at a tenth.
    long plain = 2 * 1_000_000 + 4 * 4_000_000;
    assertThat(stack.ledger(caller))
        .extracting(
            row -> Stack.text(row, "costPicoUsd"), row -> Stack.text(row, "cacheSavedPicoUsd"))
        .containsExactlyInAnyOrder(
            tuple("" + (plain + 100 * 1_250_000), "-25000000"),
            tuple("" + (plain + 100 * 100_000), "90000000"));
    stack.awaitLog("\"gen_ai.usage.cache_read.input_tokens\":100");
  }

  @Test
  void a_conversation_of_a_model_in_automatic_mode_pays_once_for_what_it_has_said() {
    List<String> turns = new ArrayList<>(List.of(system("second", 80, "")));
    List<List<Integer>> usage = new ArrayList<>();
    for (int turn = 0; turn < 3; turn++) {
      turns.add(message("user", "question " + "word ".repeat(40) + turn));
      Reply reply = stack.chat(caller, chat("scripted-auto", turns.toArray(String[]::new)));
      usage.add(counts(reply.json().path("usage")));
      turns.add(message("assistant", "answer " + "text ".repeat(20) + turn));
    }

    // System 80; a question 42, an answer 22.
    assertThat(usage)
        .containsExactly(List.of(122, 0, 80), List.of(186, 80, 64), List.of(250, 144, 64));
  }

  @Test
  void marks_a_model_cannot_take_never_reach_it() {
    // The stand-in refuses points for this model, as Bedrock does.
    Reply reply = stack.chat(caller, chat("echo", system("third", 80, MARK), message("user", "q")));

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("x-weir-ignored")).isEqualTo("cache_control");
    Map<String, AttributeValue> row =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> stack.ledger(caller), rows -> rows.size() == 1)
            .getFirst();
    assertThat(row).doesNotContainKey("cacheSavedPicoUsd");
  }
}
