package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorldControlTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void anyone_can_break_an_endpoint_and_watch_it_heal() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.curl(
        "POST", "/endpoints/chat", "{\"health\":\"failing\",\"load\":{\"latencyMillis\":900}}");
    assertThat(lab.curl("GET", "", "").at("/endpoint/chat/condition/health").asText())
        .isEqualTo("failing");
    lab.sagemaker.updateEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-2"));
    lab.curl("POST", "/clock", "{\"seconds\":1200}");
    JsonNode after = lab.curl("GET", "", "").at("/endpoint/chat");
    assertThat(after.path("EndpointConfigName").asText()).isEqualTo("chat-2");
    assertThat(after.at("/condition/health").isMissingNode()).isTrue();
  }

  @Test
  void a_status_can_be_set() {
    lab.endpoint("chat");
    lab.curl(
        "POST",
        "/resources/endpoint/chat",
        "{\"EndpointStatus\":\"Failed\",\"FailureReason\":\"by hand\"}");
    assertThat(lab.status("chat")).isEqualTo("Failed");
    JsonNode history = lab.curl("GET", "/history", "");
    assertThat(history.get(history.size() - 1).path("why").asText()).isEqualTo("by hand");
  }

  @Test
  void a_fault_can_be_ordered_seen_and_taken_away() {
    lab.endpoint("chat");
    lab.curl(
        "POST", "/faults", "{\"kind\":\"THROTTLED\",\"operation\":\"DeleteEndpoint\",\"times\":3}");
    assertThat(lab.curl("GET", "", "").at("/fault/0/left").asInt()).isEqualTo(3);
    lab.curl("DELETE", "/faults", "");
    assertThat(lab.curl("GET", "", "").path("fault")).isEmpty();
  }

  @Test
  void a_metric_of_any_age_can_be_put() {
    lab.curl(
        "POST",
        "/metrics",
        "{\"Namespace\":\"Weir\",\"MetricName\":\"tokens\",\"Dimensions\":{\"model\":\"m\"},"
            + "\"Value\":7,\"Timestamp\":\"2025-03-01T10:00:00Z\"}");
    assertThat(
            lab.cloudwatch
                .getMetricStatistics(r ->
                    r.namespace("Weir")
                        .metricName("tokens")
                        .dimensions(d -> d.name("model").value("m"))
                        .startTime(java.time.Instant.parse("2025-03-01T00:00:00Z"))
                        .endTime(java.time.Instant.parse("2025-03-02T00:00:00Z"))
                        .period(86_400)
                        .statisticsWithStrings("Sum"))
                .datapoints()
                .getFirst()
                .sum())
        .isEqualTo(7);
  }

  @Test
  void the_ledger_tells_who_did_what() {
    lab.endpoint("chat");
    JsonNode ledger = lab.curl("GET", "/ledger", "");
    assertThat(ledger.get(ledger.size() - 1).path("operation").asText())
        .isEqualTo("CreateEndpoint");
    assertThat(ledger.get(ledger.size() - 1).path("caller").asText()).isEqualTo("AKIDTEST");
  }

  @Test
  void a_mistake_is_told() {
    assertThat(lab.curl("POST", "/faults", "{\"kind\":\"NONE\"}").path("error").asText())
        .contains("THROTTLED");
    assertThat(lab.curl("POST", "/nothing", "{}").path("error").asText())
        .isEqualTo("no such control");
  }
}
