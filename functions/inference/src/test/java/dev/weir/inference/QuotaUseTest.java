package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.ledger.LedgerRow;
import dev.weir.model.Fault.Kind;
import dev.weir.telemetry.Emitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuotaUseTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT =
      "{\"model\":\"%s\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final TestStack stack = new TestStack();

  private static List<JsonNode> quotas(String lines) {
    List<JsonNode> found = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      try {
        JsonNode json = JSON.readTree(line);
        if (json.path("message").asText().equals("quota")) {
          found.add(json);
        }
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(line, e);
      }
    }
    return found;
  }

  /** The shares that the lines tell, by target and quota. */
  private static Map<String, Double> shares(String lines) {
    Map<String, Double> shares = new TreeMap<>();
    for (JsonNode line : quotas(lines)) {
      shares.merge(
          line.path("weir.target").asText() + " " + line.path("weir.quota").asText(),
          line.path("weir.quota.percent").asDouble(),
          Double::sum);
    }
    return shares;
  }

  @Test
  void every_attempt_takes_its_share_of_its_own_targets_quotas() {
    stack.model.says(call ->
        call.modelId().equals("vendor.r")
            ? ScriptedModel.fault(Kind.THROTTLED)
            : ScriptedModel.whole(ScriptedModel.HELLO));

    stack.client("acme").post(CHAT.formatted("r"));

    LedgerRow row = stack.ledger.only();
    long taken = row.usage().inputTokens() + row.usage().outputTokens();
    assertThat(taken).isPositive();
    // One of 4 requests, and what was answered of 1,000 tokens; none for what was turned away.
    assertThat(shares(stack.logged()))
        .isEqualTo(
            Map.of(
                "vendor.r requests", 25.0,
                "vendor.r tokens", 0.0,
                "us.vendor.r tokens", 100.0 * taken / 1_000));
    assertThat(stack.logged()).contains("\"weir.throttled\":1");
    assertThat(quotas(stack.logged()).getFirst().path("requestId").asText())
        .isEqualTo(row.requestId());
  }

  @Test
  void output_burns_a_quota_down_by_its_rate() {
    stack.client("acme").post(CHAT.formatted("r"));

    LedgerRow row = stack.ledger.only();
    assertThat(row.usage().outputTokens()).isPositive();
    Emitted.keep("weir.quota.percent", stack.logged());
    long taken = row.usage().inputTokens() + 5 * row.usage().outputTokens();
    assertThat(shares(stack.logged())).containsEntry("vendor.r tokens", 100.0 * taken / 1_000);
  }

  @Test
  void nothing_is_said_of_targets_without_declared_quotas() {
    stack.client("acme").post(CHAT.formatted("plain"));

    assertThat(stack.ledger.only().hops()).hasSize(1);
    assertThat(quotas(stack.logged())).isEmpty();
  }

  @Test
  void an_answer_from_the_cache_takes_nothing() {
    String cacheable = CHAT.formatted("r").replace("{\"model\"", "{\"temperature\":0,\"model\"");

    stack.client("acme").post(cacheable);
    stack.client("acme").post(cacheable);

    assertThat(stack.ledger.rows)
        .extracting(LedgerRow::outcome)
        .containsExactly("complete", "cache_hit");
    assertThat(shares(stack.logged())).containsEntry("vendor.r requests", 25.0);
  }

  @Test
  void vectors_take_a_request_for_each_that_was_sent() {
    EmbeddingStack vectors = new EmbeddingStack();
    String inputs =
        IntStream.range(0, 200).mapToObj("\"text %d\""::formatted).collect(Collectors.joining(","));

    vectors.client("acme").post("{\"model\":\"many\",\"input\":[%s]}".formatted(inputs));

    int requests = vectors.model.calls.size();
    assertThat(requests).isGreaterThan(1);
    assertThat(vectors.ledger.only().hops().getFirst().requests()).isEqualTo(requests);
    assertThat(shares(vectors.logged()))
        .isEqualTo(Map.of("vendor.many requests", (double) requests));
  }
}
