package dev.weir.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.store.SessionTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class SessionsTest {

  private static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofHours(1), Duration.ofHours(3));
  private static final JsonNode BODY = JsonNodeFactory.instance.objectNode().put("id", "resp_1");

  private Instant now = Instant.ofEpochSecond(1_000_000);
  private final AtomicInteger requests = new AtomicInteger();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final InstantSource clock = () -> now;
  private final InMemoryDynamo dynamo =
      new InMemoryDynamo(clock)
          .through(
              new Network() {
                @Override
                public void begin() {
                  requests.incrementAndGet();
                }
              });
  private final Sessions sessions =
      new Sessions(
          new SessionTable(dynamo, "sessions"),
          clock,
          new Log(new PrintStream(lines, true, StandardCharsets.UTF_8), clock, "Weir", Map.of()));

  private static JsonNode item(String text) {
    return JsonNodeFactory.instance.objectNode().put("role", "user").put("content", text);
  }

  private static Turn turn(String id, String text) {
    return Turn.of(id, List.of(item(text)), String::length);
  }

  private StoredResponse response(String id, Turn... turns) {
    return new StoredResponse(id, BODY, List.of(item("hi")), clock.millis(), List.of(turns));
  }

  private Conversation conversation(Turn... turns) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("a", "b");
    return new Conversation("conv_1", 0, 0, clock.millis(), metadata, List.of(turns));
  }

  private Sessions.Saved save(StoredResponse response) {
    return sessions.save("acme", response, Optional.empty(), LIFETIMES);
  }

  @Test
  void a_kept_response_is_read_as_it_was_with_one_write_and_one_read() {
    StoredResponse kept = response("resp_1", turn("1", "hi"), turn("2", "and?"));

    assertThat(save(kept)).isEqualTo(Sessions.Saved.SAVED);
    assertThat(sessions.response("acme", "resp_1")).contains(kept);
    assertThat(requests).hasValue(2);
  }

  @Test
  void another_tenant_does_not_see_it() {
    save(response("resp_1"));

    assertThat(sessions.response("other", "resp_1")).isEmpty();
    assertThat(sessions.delete("other", Sessions.Kind.RESPONSE, "resp_1", "t")).isFalse();
    assertThat(sessions.response("acme", "resp_1")).isPresent();
  }

  @Test
  void it_is_gone_when_nobody_has_gone_on_for_the_idle_time() {
    save(response("resp_1"));
    now = now.plus(LIFETIMES.idle()).minusMillis(1);
    assertThat(sessions.response("acme", "resp_1")).isPresent();

    now = now.plusMillis(1);

    assertThat(sessions.response("acme", "resp_1")).isEmpty();
    assertThat(lines.toString(StandardCharsets.UTF_8)).contains("weir.sessions.expired");
  }

  @Test
  void a_session_ends_with_its_whole_lifetime_however_often_it_is_continued() {
    save(response("resp_1"));
    long born = now.toEpochMilli();
    now = now.plus(LIFETIMES.whole()).minusSeconds(10);
    save(new StoredResponse("resp_2", BODY, List.of(), born, List.of()));

    now = now.plusSeconds(10);

    assertThat(sessions.response("acme", "resp_2")).isEmpty();
  }

  @Test
  void what_is_expired_is_left_to_the_tables_own_tidying_a_minute_later() {
    save(response("resp_1"));

    long tidied = now.plus(LIFETIMES.idle()).getEpochSecond() + 60;
    assertThat(dynamo.item("sessions", "acme#resp_1"))
        .containsEntry("ttl", AttributeValue.fromN(Long.toString(tidied)));
  }

  @Test
  void deleted_is_deleted() {
    save(response("resp_1"));

    assertThat(sessions.delete("acme", Sessions.Kind.RESPONSE, "resp_1", "t")).isTrue();
    assertThat(sessions.response("acme", "resp_1")).isEmpty();
    assertThat(sessions.delete("acme", Sessions.Kind.RESPONSE, "resp_1", "t")).isFalse();
  }

  @Test
  void what_does_not_fit_one_item_is_split_and_deleted_whole() {
    String large = noise(900_000);
    StoredResponse kept = response("resp_1", turn("1", large));

    assertThat(save(kept)).isEqualTo(Sessions.Saved.SAVED);
    assertThat(sessions.response("acme", "resp_1")).contains(kept);
    assertThat(dynamo.item("sessions", "acme#resp_1#1.1")).isNotEmpty();

    sessions.delete("acme", Sessions.Kind.RESPONSE, "resp_1", "t");
    assertThat(dynamo.item("sessions", "acme#resp_1#1.1")).isEmpty();
  }

  @Test
  void what_does_not_fit_one_write_is_not_written_and_said() {
    assertThat(save(response("resp_1", turn("1", noise(6_000_000)))))
        .isEqualTo(Sessions.Saved.TOO_LARGE);
    assertThat(requests).hasValue(0);
  }

  @Test
  void what_compresses_well_is_bounded_as_it_is() {
    assertThat(save(response("resp_1", turn("1", "a".repeat(Sessions.LARGEST)))))
        .isEqualTo(Sessions.Saved.TOO_LARGE);
    assertThat(save(response("resp_1", turn("1", "a".repeat(Sessions.LARGEST - 1_000)))))
        .isEqualTo(Sessions.Saved.SAVED);
    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv_1", "resp_", "resp_1#1.1", "resp_A", "RESP_1", ""})
  void what_is_no_id_of_a_response_is_not_looked_for(String id) {
    assertThat(sessions.response("acme", id)).isEmpty();
    assertThat(sessions.delete("acme", Sessions.Kind.RESPONSE, id, "t")).isFalse();
    assertThat(requests).hasValue(0);
  }

  @Test
  void of_two_turns_at_once_one_is_added() {
    sessions.save("acme", conversation(), "t1", LIFETIMES);
    Conversation read = sessions.conversation("acme", "conv_1").orElseThrow();

    assertThat(
            sessions.save(
                "acme",
                response("resp_1"),
                Optional.of(read.with(read.turns(), turn("1", "one"))),
                LIFETIMES))
        .isEqualTo(Sessions.Saved.SAVED);
    assertThat(
            sessions.save(
                "acme",
                response("resp_2"),
                Optional.of(read.with(read.turns(), turn("2", "two"))),
                LIFETIMES))
        .isEqualTo(Sessions.Saved.CONFLICT);

    assertThat(sessions.conversation("acme", "conv_1").orElseThrow().turns())
        .extracting(Turn::id)
        .containsExactly("1");
    assertThat(sessions.response("acme", "resp_2")).isEmpty();
  }

  @Test
  void a_conversation_that_grows_and_shrinks_leaves_no_part_behind() {
    sessions.save("acme", conversation(turn("1", noise(900_000))), "t1", LIFETIMES);
    Conversation large = sessions.conversation("acme", "conv_1").orElseThrow();
    assertThat(large.parts()).isEqualTo(1);

    sessions.save("acme", large.with(List.of(turn("2", "short"))), "t2", LIFETIMES);

    assertThat(dynamo.item("sessions", "acme#conv_1#1.1")).isEmpty();
    assertThat(sessions.conversation("acme", "conv_1").orElseThrow().turns()).hasSize(1);
  }

  @Test
  void two_responses_may_go_on_from_one() {
    save(response("resp_1", turn("1", "hi")));
    save(response("resp_2", turn("1", "hi"), turn("2", "left")));
    save(response("resp_3", turn("1", "hi"), turn("3", "right")));

    sessions.delete("acme", Sessions.Kind.RESPONSE, "resp_1", "t");

    assertThat(sessions.response("acme", "resp_2").orElseThrow().turns()).hasSize(2);
    assertThat(sessions.response("acme", "resp_3").orElseThrow().turns()).hasSize(2);
  }

  @Test
  void a_call_and_its_output_leave_a_conversation_together() {
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("id", "fc_1").put("call_id", "a");
    ObjectNode output =
        JsonNodeFactory.instance.objectNode().put("id", "fco_1").put("call_id", "a");
    Conversation held =
        conversation(
            turn("1", "hi"),
            Turn.of("2", List.of(call), String::length),
            Turn.of("3", List.of(output), String::length));

    assertThat(held.without("fc_1").orElseThrow().turns())
        .extracting(Turn::id)
        .containsExactly("1");
    assertThat(held.without("nobody")).isEmpty();
  }

  /** Text that no compression makes small. */
  private static String noise(int bytes) {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(bytes, ' ', '~').forEach(c -> text.append((char) c));
    return text.toString().replace('"', '\'').replace('\\', '/');
  }
}
