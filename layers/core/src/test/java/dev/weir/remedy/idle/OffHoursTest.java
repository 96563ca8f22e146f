package dev.weir.remedy.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remedy.idle.OffHours.Edge;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffHoursTest {

  private static final OffHours NIGHTS = OffHours.parse("M-F 19-7 Europe/Berlin");

  @Test
  void the_expression_is_read() {
    assertThat(OffHours.parse("W 9-17 UTC"))
        .isEqualTo(new OffHours(Set.of(DayOfWeek.WEDNESDAY), 9, 17, ZoneId.of("UTC")));
    assertThat(NIGHTS.days()).hasSize(5).doesNotContain(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "M-F 19-7",
        "M-F 19-7 ",
        "M-F 19-7 Europe/Nowhere",
        "M-F 24-7 UTC",
        "M-F 19-19 UTC",
        "F-M 19-7 UTC",
        "X 19-7 UTC",
        "M-F  19-7 UTC",
        "M-F 19-7 UTC UTC",
        "(M-F,19-7);tz=UTC",
        "m-f 19-7 UTC"
      })
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> OffHours.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  // 2026-11-23 is a Monday; Berlin is an hour ahead of UTC in winter, two in summer.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "just before the evening,  2026-11-23T17:59:00Z, 2026-11-23T06:00:00Z, false",
    "at the evening's edge,    2026-11-23T18:00:00Z, 2026-11-23T18:00:00Z, true",
    "in the night,             2026-11-24T02:00:00Z, 2026-11-23T18:00:00Z, true",
    "in the morning,           2026-11-24T06:00:00Z, 2026-11-24T06:00:00Z, false",
    "all weekend,              2026-11-29T12:00:00Z, 2026-11-27T18:00:00Z, true",
    "Monday before seven,      2026-11-30T05:59:00Z, 2026-11-27T18:00:00Z, true",
    "in summer,                2026-07-06T17:00:00Z, 2026-07-06T17:00:00Z, true"
  })
  void the_last_edge(String row, Instant now, Instant edge, boolean off) {
    assertThat(NIGHTS.lastEdge(now)).isEqualTo(new Edge(edge, off));
  }

  @Test
  void an_hour_that_the_clock_skips_is_the_next_one() {
    // On 2026-03-29 Berlin goes from 2:00 to 3:00, which is 1:00 UTC.
    OffHours sundays = OffHours.parse("U 2-9 Europe/Berlin");

    assertThat(sundays.lastEdge(Instant.parse("2026-03-29T01:00:00Z")))
        .isEqualTo(new Edge(Instant.parse("2026-03-29T01:00:00Z"), true));
    assertThat(sundays.lastEdge(Instant.parse("2026-03-29T00:59:00Z")).off()).isFalse();
  }

  @Test
  void what_ran_before_the_edge_is_stopped() {
    assertThat(
            NIGHTS.stops(
                Instant.parse("2026-11-23T08:00:00Z"), Instant.parse("2026-11-23T18:01:00Z")))
        .isTrue();
  }

  @Test
  void what_is_started_by_hand_stays_until_the_next_edge() {
    Instant byHand = Instant.parse("2026-11-23T20:00:00Z");

    assertThat(NIGHTS.stops(byHand, Instant.parse("2026-11-23T20:15:00Z"))).isFalse();
    assertThat(NIGHTS.stops(byHand, Instant.parse("2026-11-24T05:59:00Z"))).isFalse();
    assertThat(NIGHTS.stops(byHand, Instant.parse("2026-11-24T12:00:00Z"))).isFalse();
    assertThat(NIGHTS.stops(byHand, Instant.parse("2026-11-24T18:00:00Z"))).isTrue();
  }

  @Test
  void nothing_is_stopped_while_it_is_on() {
    assertThat(
            NIGHTS.stops(
                Instant.parse("2026-11-20T08:00:00Z"), Instant.parse("2026-11-23T12:00:00Z")))
        .isFalse();
  }
}
