package dev.weir.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.events.DeadLetterQueues.DeadLetter;
import dev.weir.local.events.Target.Receipt;
import dev.weir.local.time.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventBusTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:dead";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VirtualScheduler time = new VirtualScheduler(START, 1);
  private final List<String> delivered = new ArrayList<>();
  private final List<Instant> attempts = new ArrayList<>();
  private final List<DeadLetter> dead = new ArrayList<>();
  private Receipt receipt = new Receipt.Taken();
  private int ids;
  private final EventBus bus =
      new EventBus(
          "us-east-1", "000000000000", time, () -> "id-" + ++ids, this::deliver, this::bury);

  private Receipt deliver(String arn, JsonNode payload) {
    attempts.add(time.instant());
    if (receipt instanceof Receipt.Taken) {
      delivered.add(arn + " " + payload);
    }
    return receipt;
  }

  private void bury(String queue, DeadLetter letter) {
    assertThat(queue).isEqualTo(QUEUE);
    dead.add(letter);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void rule(String name, String properties) {
    bus.add(Rule.read(name, json(properties)));
  }

  private ObjectNode put(String entries) {
    return bus.putEvents((ObjectNode) json("{\"Entries\":" + entries + "}"));
  }

  private static final String EVENT =
      "[{\"Source\":\"weir\",\"DetailType\":\"T\",\"Detail\":\"{\\\"a\\\":1}\"}]";

  @Test
  void an_event_goes_to_the_targets_of_the_rules_that_select_it() {
    rule(
        "one",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":["
            + "{\"Id\":\"1\",\"Arn\":\"arn:1\",\"InputPath\":\"$.detail\"},"
            + "{\"Id\":\"2\",\"Arn\":\"arn:2\",\"Input\":\"[1]\"}]}");
    rule(
        "two",
        "{\"EventPattern\":{\"source\":[\"x\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"n\"}]}");
    rule(
        "off",
        "{\"State\":\"DISABLED\",\"EventPattern\":{\"source\":[\"weir\"]},"
            + "\"Targets\":[{\"Id\":\"1\",\"Arn\":\"n\"}]}");
    ObjectNode reply = put(EVENT);
    assertThat(reply.toString())
        .isEqualTo("{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"id-1\"}]}");
    time.run();
    assertThat(delivered).containsExactlyInAnyOrder("arn:1 {\"a\":1}", "arn:2 [1]");
  }

  @Test
  void a_put_event_is_whole() {
    rule(
        "all",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"n\"}]}");
    put(
        "[{\"Source\":\"weir\",\"DetailType\":\"T\",\"Detail\":\"{}\",\"Resources\":[\"r\"],"
            + "\"Time\":1767225601.5,\"EventBusName\":\"default\"}]");
    time.run();
    assertThat(delivered)
        .containsExactly(
            "n {\"version\":\"0\",\"id\":\"id-1\",\"detail-type\":\"T\",\"source\":\"weir\","
                + "\"account\":\"000000000000\",\"time\":\"2026-01-01T00:00:01Z\","
                + "\"region\":\"us-east-1\",\"resources\":[\"r\"],\"detail\":{}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Source\":\"\",\"DetailType\":\"T\",\"Detail\":\"{}\"}   | InvalidArgument",
        "{\"Source\":\"a\",\"Detail\":\"{}\"}                       | InvalidArgument",
        "{\"Source\":\"a\",\"DetailType\":\"T\"}                    | InvalidArgument",
        "{\"Source\":\"a\",\"DetailType\":\"T\",\"Detail\":\"[1]\"} | MalformedDetail",
        "{\"Source\":\"a\",\"DetailType\":\"T\",\"Detail\":\"{\"}   | MalformedDetail",
        "{\"Source\":\"aws.x\",\"DetailType\":\"T\",\"Detail\":\"{}\"} | NotAuthorizedForSource",
        "{\"Source\":\"a\",\"DetailType\":\"T\",\"Detail\":\"{}\",\"Time\":\"x\"} | InvalidArgument",
        "{\"Source\":\"a\",\"DetailType\":\"T\",\"Detail\":\"{}\",\"EventBusName\":\"b\"}"
            + " | ResourceNotFoundException"
      })
  void a_wrong_entry_fails_alone(String entry, String code) {
    ObjectNode reply = put("[" + entry + "," + EVENT.substring(1));
    assertThat(reply.path("FailedEntryCount").asInt()).isEqualTo(1);
    assertThat(reply.at("/Entries/0/ErrorCode").asText()).isEqualTo(code);
    assertThat(reply.at("/Entries/1/EventId").asText()).isEqualTo("id-1");
  }

  @Test
  void a_request_has_one_to_ten_entries() {
    assertThatThrownBy(() -> put("[]")).isInstanceOf(EventsException.class);
    String eleven = ("," + EVENT.substring(1, EVENT.length() - 1)).repeat(11).substring(1);
    assertThatThrownBy(() -> put("[" + eleven + "]")).isInstanceOf(EventsException.class);
  }

  @Test
  void a_refusal_is_tried_again_later_and_later_until_the_event_is_too_old() {
    receipt = new Receipt.Refused("ThrottlingException", "slow down", true);
    rule(
        "r",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"arn:1\","
            + "\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":60},"
            + "\"DeadLetterConfig\":{\"Arn\":\""
            + QUEUE
            + "\"}}]}");
    put(EVENT);
    time.run();
    assertThat(attempts.stream().map(it -> Duration.between(START, it).toSeconds()))
        .containsExactly(0L, 1L, 3L, 7L, 15L, 31L);
    assertThat(dead).hasSize(1);
    assertThat(dead.getFirst().event().at("/detail/a").asInt()).isEqualTo(1);
    assertThat(dead.getFirst().attributes())
        .isEqualTo(
            Map.of(
                "RULE_ARN", "arn:aws:events:us-east-1:000000000000:rule/r",
                "TARGET_ARN", "arn:1",
                "ERROR_CODE", "ThrottlingException",
                "ERROR_MESSAGE", "slow down",
                "RETRY_ATTEMPTS", "5",
                "EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds"));
  }

  @Test
  void attempts_are_counted() {
    receipt = new Receipt.Refused("ThrottlingException", "slow down", true);
    rule(
        "r",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"arn:1\","
            + "\"RetryPolicy\":{\"MaximumRetryAttempts\":2},"
            + "\"DeadLetterConfig\":{\"Arn\":\""
            + QUEUE
            + "\"}}]}");
    put(EVENT);
    time.run();
    assertThat(attempts).hasSize(3);
    assertThat(dead.getFirst().attributes())
        .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts");
  }

  @Test
  void what_cannot_get_better_is_dead_at_once_and_lost_without_a_queue() {
    receipt = new Receipt.Refused("StateMachineDoesNotExist", "gone", false);
    rule(
        "r",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"arn:1\","
            + "\"DeadLetterConfig\":{\"Arn\":\""
            + QUEUE
            + "\"}},{\"Id\":\"2\",\"Arn\":\"arn:2\"}]}");
    put(EVENT);
    time.run();
    assertThat(attempts).containsOnly(START).hasSize(2);
    assertThat(dead).hasSize(1);
    assertThat(dead.getFirst().attributes()).doesNotContainKey("EXHAUSTED_RETRY_CONDITION");
  }

  @Test
  void a_schedule_runs_its_rule_again_and_again() {
    rule(
        "tick",
        "{\"ScheduleExpression\":\"rate(5 minutes)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"arn:1\"}]}");
    rule(
        "off",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"State\":\"DISABLED\","
            + "\"Targets\":[{\"Id\":\"1\",\"Arn\":\"arn:2\"}]}");
    time.advance(Duration.ofMinutes(14));
    assertThat(attempts).containsExactly(START.plusSeconds(300), START.plusSeconds(600));
    assertThat(delivered.getFirst())
        .startsWith("arn:1 ")
        .contains("\"detail-type\":\"Scheduled Event\",\"source\":\"aws.events\"")
        .contains("\"time\":\"2026-01-01T00:05:00Z\"")
        .contains("\"resources\":[\"arn:aws:events:us-east-1:000000000000:rule/tick\"]");
  }

  @Test
  void who_sent_an_event_may_go_on_changing_it() {
    rule(
        "all",
        "{\"EventPattern\":{\"source\":[\"weir\"]},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"n\"}]}");
    ObjectNode event = (ObjectNode) json("{\"source\":\"weir\"}");
    bus.publish(event);
    event.put("source", "changed");
    time.run();
    assertThat(delivered).containsExactly("n {\"source\":\"weir\"}");
  }

  @Test
  void a_name_is_given_once() {
    String rule =
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"}]}";
    rule("r", rule);
    assertThatThrownBy(() -> rule("r", rule)).hasMessageContaining("two rules r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"},"
            + "{\"Id\":\"1\",\"Arn\":\"b\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\","
            + "\"Input\":\"{}\",\"InputPath\":\"$\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\","
            + "\"Input\":\"{\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\","
            + "\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":59}}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\","
            + "\"EcsParameters\":{}}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"EventBusName\":\"other\","
            + "\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"}]}",
        "{\"ScheduleExpression\":\"rate(1 minute)\",\"State\":\"on\","
            + "\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"}]}",
        "{\"EventPattern\":{},\"Targets\":[{\"Id\":\"1\",\"Arn\":\"a\"}]}"
      })
  void what_is_no_rule_is_refused_by_name(String properties) {
    assertThatThrownBy(() -> Rule.read("r", json(properties)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rule r: ");
  }
}
