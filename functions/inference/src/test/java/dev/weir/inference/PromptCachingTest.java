package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.ChatRequest;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/prompt-caching.md}. */
class PromptCachingTest {

  private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\"},";
  private static final Usage WRITTEN = new Usage(10, 5, 0, 1_000, 200);
  private static final Usage READ = new Usage(10, 5, 1_200, 0, 0);

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static String chat(String model, int marks) {
    StringBuilder system = new StringBuilder();
    for (int i = 0; i < marks; i++) {
      system.append("{%s\"role\":\"system\",\"content\":\"s%d\"},".formatted(MARK, i));
    }
    return "{\"model\":\"%s\",\"max_tokens\":50,\"messages\":[%s{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(model, system);
  }

  private static ScriptedModel.Script using(Usage usage) {
    return ScriptedModel.whole(
        List.of(
            new ModelEvent.Started(),
            new ModelEvent.TextDelta(0, "Hello"),
            new ModelEvent.Stopped(StopReason.END_TURN),
            new ModelEvent.UsageReported(usage)));
  }

  private ChatRequest asked() {
    return stack.model.calls.getLast().request();
  }

  @Test
  void marks_reach_a_model_that_keeps_prompts() {
    Client.Reply reply = client.post(chat("keeps", 2));

    assertThat(reply.status).isEqualTo(200);
    assertThat(asked().cachePoints()).hasSize(2);
    assertThat(reply.header("x-weir-ignored")).isEmpty();
  }

  @Test
  void marks_that_have_no_effect_are_named() {
    Client.Reply reply = client.post(chat("m", 5));

    assertThat(reply.status).isEqualTo(200);
    assertThat(asked().cachePoints()).isEmpty();
    assertThat(reply.header("x-weir-ignored")).isEqualTo("cache_control");
  }

  @Test
  void more_points_than_the_model_takes_are_refused_with_its_limit() {
    Client.Reply reply = client.post(chat("keeps", 3));

    assertThat(reply.status).isEqualTo(400);
    assertThat(reply.text()).contains("has 3 cache points", "takes at most 2");
    assertThat(stack.model.calls).isEmpty();
  }

  @Test
  void a_stand_in_that_keeps_none_gets_none_and_says_so() {
    stack.model.says(call ->
        call.modelId().equals("vendor.keeps")
            ? ScriptedModel.fault(Kind.THROTTLED)
            : using(Usage.of(10, 5)));

    Client.Reply reply = client.post(chat("keeps", 2));

    assertThat(reply.header("x-weir-model")).isEqualTo("vendor.forgets");
    assertThat(reply.header("x-weir-ignored")).isEqualTo("cache_control");
    assertThat(asked().cachePoints()).isEmpty();
  }

  @Test
  void a_repair_keeps_what_was_kept() {
    stack.model.says(call -> ScriptedModel.text("no json", StopReason.END_TURN));

    client.post(
        chat("keeps", 1)
            .replace("hi", "many words ".repeat(100))
            .replace("\"model\"", "\"response_format\":{\"type\":\"json_object\"},\"model\""));

    assertThat(stack.model.calls).hasSize(2);
    List<ChatRequest.ChatMessage> first = stack.model.calls.getFirst().request().instructions();
    assertThat(asked().instructions().subList(0, first.size())).isEqualTo(first);
  }

  @Test
  void a_model_in_automatic_mode_sets_its_own_points() {
    client.post(chat("keeps-auto", 0).replace("[{", "[{\"role\":\"system\",\"content\":\"s\"},{"));

    assertThat(asked().cachePoints()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void every_kind_of_prompt_token_is_billed_at_its_own_price(boolean isStreamed) {
    String chat =
        isStreamed
            ? chat("keeps", 1)
                .replace(
                    "\"model\"",
                    "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\"")
            : chat("keeps", 1);
    stack.model.says(using(WRITTEN));
    Client.Reply written = client.post(chat);
    stack.model.says(using(READ));
    Client.Reply read = client.post(chat);

    // 10 in, 5 out, then 1,000 written for five minutes and 200 for an hour, or 1,200 read.
    long plain = 10 * 1_000_000 + 5 * 4_000_000;
    List<LedgerRow> rows = stack.ledger.rows;
    assertThat(rows.getFirst().cost().picoUsd())
        .isEqualTo(plain + 1_000 * 1_250_000 + 200 * 2_000_000);
    assertThat(rows.getLast().cost().picoUsd()).isEqualTo(plain + 1_200 * 100_000);
    assertThat(rows)
        .extracting(LedgerRow::saved)
        .containsExactly(
            Savings.byPromptCache(-1_000 * 250_000 - 200 * 1_000_000),
            Savings.byPromptCache(1_200 * 900_000));
    assertThat(rows).extracting(LedgerRow::usage).containsExactly(WRITTEN, READ);
    assertUsage(usage(written, isStreamed), 0, 1_200);
    assertUsage(usage(read, isStreamed), 1_200, 0);
    assertThat(stack.logged())
        .contains(
            "\"gen_ai.usage.cache_read.input_tokens\":1200",
            "\"gen_ai.usage.cache_creation.input_tokens\":1200",
            "\"weir.prompt_cache.saved.microusd\":1080.0",
            "\"weir.prompt_cache.saved.microusd\":-450.0");
  }

  private static JsonNode usage(Client.Reply reply, boolean isStreamed) {
    if (!isStreamed) {
      return reply.json().path("usage");
    }
    List<String> data = reply.data();
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper()
          .readTree(data.get(data.size() - 2))
          .path("usage");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertUsage(JsonNode usage, int cached, int written) {
    assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(1_210);
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(1_215);
    assertThat(usage.path("prompt_tokens_details").path("cached_tokens").asInt()).isEqualTo(cached);
    assertThat(usage.path("prompt_tokens_details").path("cache_write_tokens").asInt())
        .isEqualTo(written);
  }

  @Test
  void the_reservation_covers_the_dearest_way_a_prompt_can_be_billed() {
    client.post(chat("keeps", 0));

    // With room for one lost attempt the prompt is counted twice.
    long prompts = stack.limiter.asks.getFirst().tokens() - 50;
    assertThat(stack.limiter.asks.getFirst().microUsd()).isEqualTo(prompts * 2 + 50 * 4);
  }

  @Test
  void without_a_prompt_cache_no_row_and_no_line_mentions_one() {
    client.post(chat("m", 0));

    assertThat(stack.ledger.only().saved()).isEqualTo(Savings.NONE);
    assertThat(stack.logged()).doesNotContain("cache_read", "prompt_cache");
  }

  @Test
  void a_marked_request_is_answered_from_the_cache_of_an_unmarked_one() {
    String plain = chat("keeps", 0).replace("\"model\"", "\"temperature\":0,\"model\"");
    client.post(plain);

    Client.Reply reply =
        client.post(plain.replace("\"role\":\"user\"", MARK + "\"role\":\"user\""));

    assertThat(reply.header("x-weir-cache")).isEqualTo("hit");
    assertThat(stack.model.calls).hasSize(1);
  }
}
