package dev.weir.remedy.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remedy.probe.Probe.Goal;
import dev.weir.remedy.probe.Probe.Result;
import dev.weir.remedy.probe.Probe.Shown;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {

  /** Milliseconds of answers, or reasons why there was none, until the probe has had enough. */
  private static Result shown(Goal goal, String requests) {
    Deque<String> left =
        Arrays.stream(requests.split(" ")).collect(Collectors.toCollection(ArrayDeque::new));
    Probe probe = new Probe(goal);
    while (probe.goesOn() && !left.isEmpty()) {
      String next = left.removeFirst();
      probe.add(
          Character.isDigit(next.charAt(0))
              ? new Shown.Answered(Long.parseLong(next))
              : new Shown.Failed(next));
    }
    return probe.result();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "four good ones end it,           10 10 10 10 10,   true, 4, 4",
    "one of five may fail,            10 STATUS_500 10 10 10, true, 5, 4",
    "two of five are enough to fail,  10 STATUS_500 TIMEOUT 10 10, false, 3, 1",
    "a slow answer is not good,       10 501 501 10 10, false, 3, 1",
    "at the budget it is,             500 500 500 500,  true, 4, 4"
  })
  void four_of_five_answers(String row, String requests, boolean ok, int tried, int good) {
    Result result = shown(new Goal.Answers(5, 4, 500), requests);

    assertThat(result.ok()).isEqualTo(ok);
    assertThat(result.tried()).isEqualTo(tried);
    assertThat(result.good()).isEqualTo(good);
  }

  @Test
  void reasons_are_counted() {
    assertThat(shown(new Goal.Answers(5, 1, 500), "TIMEOUT 900 TIMEOUT 901 STATUS_503").reasons())
        .isEqualTo(Map.of("TIMEOUT", 2, "SLOW", 2, "STATUS_503", 1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "five quick ones are warm,           90 90 90 90 90,                 true,  5, 90",
    "only the last five count,           9000 800 90 90 90 90 90,        true,  7, 90",
    "a failure among the last is cold,   90 90 90 90 TIMEOUT 90 90 90 90 90, true, 10, 90",
    "it ends at the most,                200 200 200 200 200 200 200 200 200 200, false, 10, 200",
    "one slow one of five is p95,        90 90 90 90 200 90 90 90 90 90, true, 10, 90"
  })
  void a_warm_up_ends_when_the_last_five_are_quick(
      String row, String requests, boolean ok, int tried, long p95) {
    Result result = shown(new Goal.Warm(10, 5, 100), requests);

    assertThat(result.ok()).isEqualTo(ok);
    assertThat(result.tried()).isEqualTo(tried);
    assertThat(result.p95Millis()).isEqualTo(p95);
  }

  @Test
  void a_warm_up_reaches_every_instance_before_it_may_end() {
    Goal goal = new Goal.Warm(10, 8, 100);

    assertThat(shown(goal, "9 9 9 9 9 9 9 9 9 9").tried()).isEqualTo(8);
    assertThat(shown(goal, "9 9 9 9 9").ok()).isFalse();
  }

  @Test
  void nothing_asked_shows_nothing() {
    assertThat(new Probe(new Goal.Answers(5, 4, 500)).result())
        .isEqualTo(new Result(false, 0, 0, 0, Map.of()));
  }

  @Test
  void goals_are_bounded() {
    assertThatThrownBy(() -> new Goal.Answers(101, 1, 500)).hasMessageContaining("1 to 100");
    assertThatThrownBy(() -> new Goal.Answers(5, 6, 500)).hasMessageContaining("1 to n");
    assertThatThrownBy(() -> new Goal.Answers(5, 0, 500)).hasMessageContaining("1 to n");
    assertThatThrownBy(() -> new Goal.Answers(5, 5, 0)).hasMessageContaining("budget");
    assertThatThrownBy(() -> new Goal.Warm(10, 4, 500)).hasMessageContaining("5 to n");
  }
}
