package dev.weir.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleHandlerTest {

  private final Stage stage = new Stage((exchange, body) -> Stage.Answer.ok(""));
  private final IdleHandler handler = new IdleHandler(stage.clock, stage.log);

  IdleHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void a_notebook_is_judged_by_what_its_script_wrote() throws IOException {
    assertThat(stage.call(handler, Stage.event("idle")).toString())
        .isEqualTo(
            "{\"verdict\":\"IDLE\",\"reason\":\"QUIET\",\"approval\":false,\"grace\":true,"
                + "\"evidence\":[\"no kernel or terminal did anything for PT3H59M\"]}");
    assertThat(stage.lines()).contains("\"verdict\":\"IDLE\"");
  }

  @Test
  void every_attribute_of_the_item_counts() throws IOException {
    String event = Stage.event("idle");
    String cpu = "\"cpuPercent\": 1.5";

    assertThat(reason(event.replace("\"busyKernels\": 0", "\"busyKernels\": 1")))
        .isEqualTo("KERNEL");
    assertThat(reason(event.replace(cpu, "\"cpuPercent\": 51"))).isEqualTo("CPU");
    assertThat(reason(event.replace(cpu, "\"gpuPercent\": 40"))).isEqualTo("GPU");
    assertThat(reason(event.replace(cpu, "\"startingSince\": \"2026-11-22T11:50:00Z\"")))
        .isEqualTo("STARTING");
    assertThat(reason(event.replace("\"lastActivity\"", "\"other\""))).isEqualTo("UNOPENED");
    assertThat(reason(event.replace("\"at\"", "\"other\""))).isEqualTo("HEARTBEAT_MISSING");
    assertThat(reason(event.replace("11:59:00Z", "11:00:00Z"))).isEqualTo("HEARTBEAT_MISSING");
    assertThat(reason(event.replace("\"idleMinutes\": 60", "\"idleMinutes\": 300")))
        .isEqualTo("ACTIVE");
    assertThat(reason(event.replace("\"owner\"", "\"remediation:exclude\"")))
        .isEqualTo("PROTECTED");
  }

  private String reason(String event) throws IOException {
    return stage.call(handler, event).path("reason").asText();
  }

  private JsonNode judged(String kind, String evidence) throws IOException {
    return stage.call(
        handler, "{\"kind\":\"%s\",\"evidence\":%s}".formatted(kind, evidence.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app | {'type':'JupyterLab','status':'InService','since':1795300000,'nativeIdle':true} |"
            + " SKIP | NATIVE",
        "app | {'type':'Canvas','status':'InService','since':'2026-01-01T00:00:00Z'} | IDLE | OLD",
        "endpoint | {'status':'InService','environment':'dev','since':1.7E9,'cpuPoints':168} | IDLE"
            + " | NO_REQUESTS",
        "endpoint |"
            + " {'status':'InService','environment':'dev','since':1.7E9,'invocations':3,'cpuPoints':12}"
            + " | SKIP | USED",
        "endpoint | {'status':'InService','since':1.7E9,'cpuPoints':12,'tags':{}} | SKIP | NOT_DEV",
        "training-job | {'running':true,'since':'2026-01-01T00:00:00.5+01:00'} | IDLE | RUNS_LONG",
        "transform-job | {'running':true,'since':'2026-11-22T00:00:00Z'} | SKIP | YOUNG",
        "processing-job | {'referenced':true,'since':'2026-01-01T00:00:00Z'} | SKIP | REFERENCED"
      })
  void every_kind_is_judged(String kind, String evidence, String verdict, String reason)
      throws IOException {
    JsonNode reply = judged(kind, evidence);

    assertThat(reply.path("verdict").asText()).isEqualTo(verdict);
    assertThat(reply.path("reason").asText()).isEqualTo(reason);
  }

  // It is noon, UTC, on a Sunday.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "notebook-instance | U 10-20 UTC | dev | IDLE | OFF_HOURS | false",
        "notebook-instance | U 14-20 UTC | dev | UNKNOWN | HEARTBEAT_MISSING | true",
        "notebook-instance | nights | dev | UNKNOWN | OFF_HOURS_UNREADABLE | false",
        "endpoint | U 10-20 UTC | dev | IDLE | OFF_HOURS | false",
        "endpoint | U 10-20 UTC | prod | SKIP | NOT_DEV | true",
        "training-job | U 10-20 UTC | dev | IDLE | UNREFERENCED | true"
      })
  void the_clock_needs_no_grace(
      String kind, String hours, String environment, String verdict, String reason, boolean grace)
      throws IOException {
    JsonNode reply =
        judged(
            kind,
            "{'status':'InService','since':'2026-11-01T09:00:00Z','environment':'%s','tags':[{'Key':'offhours','Value':'%s'}]}"
                .formatted(environment, hours));

    assertThat(reply.path("verdict").asText()).isEqualTo(verdict);
    assertThat(reply.path("reason").asText()).isEqualTo(reason);
    assertThat(reply.path("grace").asBoolean()).isEqualTo(grace);
  }

  @Test
  void an_unknown_kind_or_a_missing_member_is_refused() {
    assertThatThrownBy(() -> judged("robot", "{}")).hasMessage("there is no kind robot");
    assertThatThrownBy(() -> judged("training-job", "{}")).hasMessage("since is missing");
  }
}
