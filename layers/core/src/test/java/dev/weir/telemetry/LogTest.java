package dev.weir.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogTest {

  private static JsonNode written(Line line) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Log(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")),
            "Weir",
            Map.of("environment", "dev"))
        .write(line);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(bytes.toByteArray());
  }

  @Test
  void a_plain_line_carries_no_metrics() throws Exception {
    JsonNode line = written(Line.info("hello").with("tenantId", "a\nb"));

    assertThat(line.path("tenantId").asText()).isEqualTo("a\nb");
    assertThat(line.has("_aws")).isFalse();
  }

  @Test
  void metrics_are_counted_in_total_and_by_model() throws Exception {
    JsonNode line =
        written(
            Line.info("request")
                .with(Names.REQUEST_MODEL, "m")
                .metric(Names.REQUESTS, Line.Unit.COUNT, 1)
                .metric(Names.REQUEST_DURATION, Line.Unit.SECONDS, 0.5));

    JsonNode directive = line.path("_aws").path("CloudWatchMetrics").get(0);
    assertThat(directive.path("Namespace").asText()).isEqualTo("Weir");
    assertThat(directive.path("Dimensions").toString())
        .isEqualTo("[[\"environment\"],[\"environment\",\"gen_ai.request.model\"]]");
    assertThat(directive.path("Metrics").toString())
        .isEqualTo(
            "[{\"Name\":\"weir.requests\",\"Unit\":\"Count\"},"
                + "{\"Name\":\"gen_ai.server.request.duration\",\"Unit\":\"Seconds\"}]");
    assertThat(line.path("weir.requests").asLong()).isEqualTo(1);
    assertThat(line.path("_aws").path("Timestamp").asLong()).isEqualTo(1767323045000L);
  }

  @Test
  void a_metric_is_counted_by_a_field_beside_its_total() throws Exception {
    JsonNode line =
        written(
            Line.info("request")
                .with(Names.REASON, "tokens")
                .with(Names.FINISH_REASON, List.of("stop"))
                .metric(Names.REQUESTS, Line.Unit.COUNT, 1)
                .metric(Names.REFUSED, Line.Unit.COUNT, 1)
                .countedBy(Names.REFUSED, Names.REASON));

    assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics")).hasSize(2);
    assertThat(line.at("/_aws/CloudWatchMetrics/1").toString())
        .isEqualTo(
            "{\"Namespace\":\"Weir\",\"Dimensions\":[[\"environment\",\"weir.reason\"]],"
                + "\"Metrics\":[{\"Name\":\"weir.refused\",\"Unit\":\"Count\"}]}");
    assertThat(line.path("gen_ai.response.finish_reasons").toString()).isEqualTo("[\"stop\"]");
  }

  /**
   * The names and types are those of semantic-conventions-genai, docs/registry/attributes/gen-ai.md
   * and docs/gen-ai/gen-ai-metrics.md.
   */
  @Test
  void names_of_gen_ai_are_opentelemetrys() throws Exception {
    Set<String> attributes =
        Set.of(
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model",
            "gen_ai.request.stream",
            "gen_ai.response.model",
            "gen_ai.response.finish_reasons",
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_creation.input_tokens");
    Set<String> metrics =
        Set.of("gen_ai.server.request.duration", "gen_ai.server.time_to_first_token");

    Set<String> ours = new HashSet<>();
    for (Field field : Names.class.getDeclaredFields()) {
      if (field.get(null) instanceof String name && name.startsWith("gen_ai.")) {
        ours.add(name);
      }
    }
    assertThat(ours)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(attributes.stream(), metrics.stream()).toList());
  }

  @Test
  void shares_of_a_quota_are_added_up_by_target_and_quota_alone() throws Exception {
    JsonNode line =
        written(
            Line.info("quota")
                .with(Names.TARGET, "vendor.m")
                .with(Names.QUOTA, "tokens")
                .metric(Names.QUOTA_PERCENT, Line.Unit.PERCENT, 12.5));

    JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
    assertThat(directive.path("Dimensions").toString())
        .isEqualTo("[[\"environment\",\"weir.quota\",\"weir.target\"]]");
    assertThat(directive.at("/Metrics/0/Unit").asText()).isEqualTo("Percent");
  }

  @Test
  void metrics_of_an_endpoint_are_counted_by_it_alone() throws Exception {
    JsonNode line =
        written(
            Line.info("drift")
                .with(Names.ENDPOINT, "chat")
                .metric(Names.DRIFT_PERSISTENT, Line.Unit.COUNT, 1));

    assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString())
        .isEqualTo("[[\"environment\",\"EndpointName\"]]");
  }

  @Test
  void an_exception_is_named_without_its_message() throws Exception {
    JsonNode line = written(Line.error("failed").with(new IllegalStateException("secret prompt")));

    assertThat(line.toString()).contains("IllegalStateException").doesNotContain("secret");
  }
}
