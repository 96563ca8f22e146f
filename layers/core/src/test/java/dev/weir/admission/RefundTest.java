package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Stage.Node;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When unused tokens are given back, and how old a view may be to believe that it saw it. */
class RefundTest {

  private final Stage stage = new Stage(Some.WORST, Some.rates(100, 1000));

  @ParameterizedTest
  @CsvSource({"-2, 44, 100", "0, 44, 100", "2, 44, 100", "-2, 46, 900", "0, 46, 900", "2, 46, 900"})
  void unused_tokens_are_given_back_up_to_45_seconds_after_the_slot_began(
      long skew, long age, long net) {
    stage.setTo("2027-03-14T12:00:00Z");
    stage.pass(Duration.ofSeconds(-skew));
    Node node = stage.node(Duration.ofSeconds(skew));
    Reservation reservation = node.admitted(stage.ask(900, 9));
    stage.pass(Duration.ofSeconds(age));
    node.settle(reservation, 100, 1);

    assertThat(stage.number("nt")).isEqualTo(net);
    assertThat(stage.number("bl")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"14, 1", "16, 2"})
  void a_view_of_up_to_15_seconds_sees_what_others_gave_back_since(long age, int trips) {
    Node one = stage.node();
    Node other = stage.node();
    Reservation reservation = one.admitted(stage.ask(900, 9));
    other.rejected(stage.ask(900, 9));
    one.settle(reservation, 100, 1);
    stage.pass(Duration.ofSeconds(age));

    assertThat(other.trips(() -> other.admitted(stage.ask(800, 8)))).isEqualTo(trips);
  }

  @Test
  void a_view_from_before_the_clock_was_set_back_does_not_count_as_fresh() {
    Reading sent = new Reading(10_000, 0);

    assertThat(sent.isWithin(Duration.ofSeconds(15), new Reading(9_999, 1_000_000))).isFalse();
    assertThat(sent.isWithin(Duration.ofSeconds(15), new Reading(10_001, 1_000_000))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, 2})
  void a_refund_of_a_slot_that_has_left_the_window_frees_nothing(long skew) {
    Node node = stage.node(Duration.ofSeconds(skew));
    Reservation old = node.admitted(stage.ask(500, 5));
    stage.pass(Duration.ofSeconds(40));
    node.settle(old, 0, 0);
    stage.pass(Duration.ofSeconds(40));
    node.admitted(stage.ask(900, 9));

    assertThat(node.rejected(stage.ask(200, 2)).dimension()).isEqualTo(Dimension.TOKENS);
  }

  @Test
  void a_refund_counts_only_with_the_mark_of_its_slot() {
    Counter tokens = new Counter(1000, new TreeMap<>(Map.of(8L, 400L)));
    RollingWindow window = new RollingWindow(tokens, tokens, 700, new TreeMap<>(Map.of(7L, 300L)));

    assertThat(window.tokensUsed(6)).isEqualTo(600);
  }
}
