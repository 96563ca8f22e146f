package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Stage.Node;
import dev.weir.tenant.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ClockGuardTest {

  private final Stage stage = new Stage(Limits.NONE);

  @ParameterizedTest
  @CsvSource({
    "1250, false",
    "1251, true",
    "-1250, false",
    "-1251, true",
    "0, false",
    "60000, true",
  })
  void a_clock_off_by_more_than_its_error_and_a_second_is_suspect(long ahead, boolean suspect) {
    List<LimiterAlarm> alarms = new ArrayList<>();
    ClockGuard guard = new ClockGuard(Duration.ofMillis(250), alarms::add);

    guard.observe(5_000 + ahead, 5_000 + ahead, OptionalLong.of(5_000));

    assertThat(guard.isSuspect()).isEqualTo(suspect);
    assertThat(alarms).hasSize(suspect ? 1 : 0);
  }

  @Test
  void a_reply_without_a_date_changes_nothing() {
    ClockGuard guard = new ClockGuard(Duration.ofMillis(250), alarm -> {});
    guard.observe(9_000, 9_000, OptionalLong.of(5_000));
    guard.observe(9_000, 9_000, OptionalLong.empty());

    assertThat(guard.isSuspect()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3, 3})
  void an_environment_whose_clock_is_off_admits_nothing(long seconds) {
    Node node = stage.node(Duration.ofSeconds(seconds));

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(stage.number("cr")).isZero();
    assertThat(stage.alarms)
        .first()
        .isEqualTo(new LimiterAlarm.ClockError(Duration.ofSeconds(seconds)));
  }

  @Test
  void a_good_reading_ends_the_refusals() {
    Node node = stage.node(Duration.ofSeconds(3));
    node.rejected(stage.ask(1, 1));
    node.ahead = Duration.ZERO;

    node.admitted(stage.ask(1, 1));
  }

  @Test
  void a_clock_set_wrong_while_warm_is_noticed_before_it_labels_anything() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    node.ahead = Duration.ofSeconds(-3);

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(stage.number("cr")).isEqualTo(1);
  }

  @Test
  void a_clock_found_wrong_by_the_reply_gives_the_admission_back() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    node.requests.add(() -> {
      node.ahead = Duration.ofSeconds(-3);
      return true;
    });

    assertThat(node.rejected(stage.ask(10, 10)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(stage.leases()).containsExactly("call0");
    assertThat(stage.number("bl")).isEqualTo(1);
  }

  @Test
  void a_frozen_environment_learns_anew() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(10));
    node.frozen = Duration.ofSeconds(10);

    assertThat(node.trips(() -> node.admitted(stage.ask(1, 1)))).isEqualTo(2);
  }

  @Test
  void an_idle_environment_that_was_not_frozen_keeps_its_view() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofMinutes(10));

    assertThat(node.trips(() -> node.admitted(stage.ask(1, 1)))).isEqualTo(1);
  }

  @Test
  void a_reply_later_than_the_time_out_gives_the_admission_back() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    node.replies.add(() -> {
      stage.pass(Duration.ofMillis(1501));
      return true;
    });

    assertThat(node.rejected(stage.ask(10, 10)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(stage.leases()).containsExactly("call0");
    assertThat(stage.number("bl")).isEqualTo(1);
  }

  @Test
  void a_mark_in_the_future_raises_an_alarm() {
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    long slot = stage.settings.slotAt(stage.instant().plusSeconds(20).toEpochMilli());
    stage.dynamo.updateItem(update ->
        update
            .tableName(Stage.TABLE)
            .key(Map.of("pk", AttributeValue.fromS("T#" + Stage.TENANT)))
            .updateExpression("SET #r = :one")
            .expressionAttributeNames(Map.of("#r", View.requestMark(slot)))
            .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    node.admitted(stage.ask(1, 1));

    assertThat(stage.alarms)
        .containsExactly(new LimiterAlarm.FutureMark(Stage.TENANT, Duration.ofSeconds(20)));
  }

  @Test
  void a_mark_by_the_fastest_allowed_clock_raises_none() {
    Stage skewed = new Stage(Some.WORST, Limits.NONE);
    skewed.node(Duration.ofSeconds(2)).admitted(skewed.ask(1, 1));
    skewed.node(Duration.ofSeconds(-2)).admitted(skewed.ask(1, 1));

    assertThat(skewed.alarms).isEmpty();
  }
}
