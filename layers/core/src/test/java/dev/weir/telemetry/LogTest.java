package dev.weir.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
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
  void an_exception_is_named_without_its_message() throws Exception {
    JsonNode line = written(Line.error("failed").with(new IllegalStateException("secret prompt")));

    assertThat(line.toString()).contains("IllegalStateException").doesNotContain("secret");
  }
}
