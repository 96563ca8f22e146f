package dev.weir.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.ServiceCall;
import dev.weir.remediation.Stage.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForecastHandlerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant TODAY = Instant.parse("2026-11-22T00:00:00Z");

  private final List<JsonNode> asked = new ArrayList<>();
  private volatile int days = 100;
  private volatile boolean failing;
  private final Stage stage = new Stage((exchange, body) -> cloudWatch(body));
  private final ForecastHandler handler =
      new ForecastHandler(
          new MetricData(new ServiceCall("monitoring", stage.endpoint(), Stage.CREDENTIALS)),
          stage.clock,
          stage.log);

  ForecastHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    stage.close();
  }

  /** Two pages of hourly values, 100 each on workdays and 50 at weekends; times in both forms. */
  private Answer cloudWatch(String body) throws IOException {
    JsonNode request = JSON.readTree(body);
    asked.add(request);
    if (failing) {
      return new Answer(400, new byte[0]);
    }
    boolean second = request.has("NextToken");
    ObjectNode reply = JSON.createObjectNode();
    ObjectNode result = reply.putArray("MetricDataResults").addObject().put("Id", "m");
    var times = result.putArray("Timestamps");
    var values = result.putArray("Values");
    int hours = days * 24;
    for (int hour = second ? hours / 2 : 0; hour < (second ? hours : hours / 2); hour++) {
      Instant at = TODAY.minus(Duration.ofHours(hours - hour));
      if (second) {
        times.add(at.toString());
      } else {
        times.add(at.getEpochSecond());
      }
      values.add(at.atZone(ZoneOffset.UTC).getDayOfWeek().getValue() < 6 ? 100 : 50);
    }
    if (!second) {
      reply.put("NextToken", "t");
    }
    return Answer.ok(reply.toString());
  }

  @Test
  void a_metric_is_foretold_by_day_and_month_in_units_and_money() throws IOException {
    JsonNode reply = stage.call(handler, Stage.event("forecast"));

    assertThat(reply.path("forecast").asText()).isEqualTo("EXPECTED");
    assertThat(reply.path("observedDays").asInt()).isEqualTo(100);
    assertThat(reply.path("days")).hasSize(120);
    assertThat(reply.at("/days/0/date").asText()).isEqualTo("2026-11-22");
    assertThat(reply.at("/days/0/expected").asDouble()).isCloseTo(50, within(0.1));
    assertThat(reply.at("/days/1/expected").asDouble()).isCloseTo(100, within(0.1));
    assertThat(reply.path("months").findValuesAsText("month"))
        .containsExactly("2026-11", "2026-12", "2027-01", "2027-02", "2027-03");
    // December 2026 has 23 workdays and 8 other days.
    assertThat(reply.at("/months/1/units/expected").asDouble()).isCloseTo(2700, within(1.0));
    assertThat(reply.at("/months/1/money/expected").asDouble()).isCloseTo(5.4, within(0.01));
    assertThat(reply.at("/peak/expected").asDouble()).isCloseTo(100, within(0.1));
    assertThat(reply.path("currency").asText()).isEqualTo("USD");
  }

  @Test
  void cloudwatch_is_asked_for_whole_days_by_the_hour_and_all_pages() throws IOException {
    stage.call(handler, Stage.event("forecast"));

    assertThat(asked).hasSize(2);
    JsonNode first = asked.getFirst();
    assertThat(first.path("EndTime").asLong()).isEqualTo(TODAY.getEpochSecond());
    assertThat(first.path("StartTime").asLong())
        .isEqualTo(TODAY.minus(Duration.ofDays(455)).getEpochSecond());
    JsonNode stat = first.at("/MetricDataQueries/0/MetricStat");
    assertThat(stat.path("Period").asInt()).isEqualTo(3600);
    assertThat(stat.path("Stat").asText()).isEqualTo("Sum");
    assertThat(stat.at("/Metric/Dimensions").toString())
        .contains("{\"Name\":\"EndpointName\",\"Value\":\"chat\"}");
    assertThat(asked.getLast().path("NextToken").asText()).isEqualTo("t");
  }

  @Test
  void a_short_past_gives_no_number() throws IOException {
    days = 59;
    assertThat(stage.call(handler, Stage.event("forecast")).toString())
        .isEqualTo(
            "{\"forecast\":\"INSUFFICIENT\",\"observedDays\":59,\"neededDays\":60,"
                + "\"unit\":\"requests in the busiest hours\"}");
    days = 0;
    assertThat(stage.call(handler, Stage.event("forecast")).path("observedDays").asInt()).isZero();
  }

  @Test
  void a_refusal_of_cloudwatch_is_no_forecast() {
    failing = true;

    assertThatThrownBy(() -> stage.call(handler, Stage.event("forecast")))
        .hasMessageContaining("status 400");
  }

  @Test
  void the_past_is_bounded_by_what_cloudwatch_keeps() {
    assertThatThrownBy(() ->
            stage.call(handler, "{\"metric\":{\"namespace\":\"n\",\"name\":\"m\"},\"days\":456}"))
        .hasMessage("days are 1 to 455");
  }
}
