package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/endpoints/chat | {'health': 'purple'} | health is one of [ok, failing]",
        "/endpoints/chat | {'helth': 'ok'} | an endpoint has [health, load]",
        "/endpoints/chat | {'load': 5} | load is a JSON object",
        "/endpoints/chat | {'load': {'errorShare': -7}} | errorShare is from 0 to 1",
        "/endpoints/chat | {'load': {'gpuMemoryPercent': 101}} | gpuMemoryPercent is from 0 to 100",
        "/endpoints/chat | {'load': {'backlog': -1}} | backlog is from 0 to 1000000000",
        "/endpoints/chat | {'load': {'noise': 1}} | a load has numbers for",
        "/faults | {'kind': 'THROTTLED', 'operation': 'Frob'} | operation is * or one that",
        "/faults | {'kind': 'THROTTLED', 'share': 3} | share is a number above 0, up to 1",
        "/faults | {'kind': 'THROTTLED', 'times': -1} | times is a whole number from 1",
        "/faults | {'kind': 'STUCK', 'delaySeconds': 'x'} | delaySeconds is a whole number from 1",
        "/resources/endpoint/chat | {'EndpointStatus': 'Purple'} | satisfy enum value set",
        "/resources/endpoint/chat | {'EndpointStatus': 7} | can not be NUMBER",
        "/resources/endpoint/chat | {'Colour': 'red'} | no member 'Colour'; there are [",
        "/resources/endpoint/a b | {} | a name of kind endpoint is like",
        "/resources/app/ann | {'Status': 'InService'} | a name of kind app is like",
        "/resources/nothing/chat | {} | no kind nothing",
        "/scores/weir- | {'loss': 'low'} | loss is a number, or null",
        "/metrics | {'Namespace': 'W', 'MetricName': 'm', 'Value': 1, 'Dimensions': {'a': 1}}"
            + "| Dimensions are texts, not a",
      })
  void what_cannot_be_is_refused_and_changes_nothing(String path, String body, String error) {
    lab.endpoint("chat");
    JsonNode before = lab.curl("GET", "", "");
    assertThat(
            lab.curl("POST", path.replace(" ", "%20"), body.replace('\'', '"'))
                .path("error")
                .asText())
        .contains(error);
    assertThat(lab.curl("GET", "", "")).isEqualTo(before);
  }

  @Test
  void a_mistake_is_told() {
    assertThat(lab.curl("POST", "/faults", "{\"kind\":\"NONE\"}").path("error").asText())
        .contains("THROTTLED");
    assertThat(lab.curl("POST", "/nothing", "{}").path("error").asText())
        .isEqualTo("no such control");
  }
}
