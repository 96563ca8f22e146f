package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.definition.Edge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pass, Choice, Wait, Succeed and Fail, and the limits of a machine. */
class FlowTest {
  private final Lab lab = new Lab();

  @Test
  void a_pass_leaves_the_events_that_recorded_histories_have() {
    ExecutionDescription ended =
        lab.run(
            Lab.machine(
                "S",
                "\"S\":{\"Type\":\"Pass\",\"Assign\":{\"x\":[1]},\"Output\":{\"a\":\"{% 1 %}\"},\"End\":true}"),
            "{\"in\":0}");

    assertThat(lab.history(ended))
        .extracting(event -> event.toJson().toString())
        .containsExactly(
            "{\"id\":1,\"previousEventId\":0,\"timestamp\":1.7672256E9,\"type\":\"ExecutionStarted\",\"executionStartedEventDetails\":{\"input\":\"{\\\"in\\\":0}\",\"roleArn\":\"arn:aws:iam::0:role/r\"}}",
            "{\"id\":2,\"previousEventId\":0,\"timestamp\":1.7672256E9,\"type\":\"PassStateEntered\",\"stateEnteredEventDetails\":{\"name\":\"S\",\"input\":\"{\\\"in\\\":0}\"}}",
            "{\"id\":3,\"previousEventId\":2,\"timestamp\":1.7672256E9,\"type\":\"PassStateExited\",\"stateExitedEventDetails\":{\"name\":\"S\",\"output\":\"{\\\"a\\\":1}\",\"assignedVariables\":{\"x\":\"[1]\"}}}",
            "{\"id\":4,\"previousEventId\":3,\"timestamp\":1.7672256E9,\"type\":\"ExecutionSucceeded\",\"executionSucceededEventDetails\":{\"output\":\"{\\\"a\\\":1}\"}}");
  }

  @ParameterizedTest
  @CsvSource({"5,Big,choice 0", "2,Middle,choice 1", "0,Small,default"})
  void a_choice_takes_the_first_true_rule_else_its_default(int n, String state, String edge) {
    ExecutionDescription ended = lab.run(choice(), "{\"n\":" + n + "}");

    assertThat(ended.output().orElseThrow().get("by").textValue()).isEqualTo(state);
    assertThat(lab.reached)
        .extracting(Edge::toString)
        .containsExactly("C entered", "C " + edge, state + " entered");
  }

  @Test
  void the_shape_of_a_choice_applies_to_its_default_only() {
    assertThat(lab.run(choice(), "{\"n\":5}").output())
        .contains(Lab.json("{'by':'Big','v':'rule'}"));
    assertThat(lab.run(choice(), "{\"n\":0}").output())
        .contains(Lab.json("{'by':'Small','v':'none'}"));
  }

  private static String choice() {
    String end =
        "\"%s\":{\"Type\":\"Pass\",\"Output\":{\"by\":\"%s\",\"v\":\"{%% $v %%}\"},\"End\":true}";
    return Lab.machine(
        "C",
        "\"C\":{\"Type\":\"Choice\",\"Choices\":["
            + "{\"Condition\":\"{% $states.input.n > 4 %}\",\"Assign\":{\"v\":\"rule\"},\"Next\":\"Big\"},"
            + "{\"Condition\":\"{% $states.input.n > 1 %}\",\"Assign\":{\"v\":\"second\"},\"Next\":\"Middle\"}],"
            + "\"Default\":\"Small\",\"Assign\":{\"v\":\"none\"}},"
            + end.formatted("Big", "Big")
            + ","
            + end.formatted("Middle", "Middle")
            + ","
            + end.formatted("Small", "Small"));
  }

  @Test
  void no_choice_and_no_default_is_an_error() {
    ExecutionDescription ended =
        lab.run(
            Lab.machine(
                "C",
                "\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":false,\"Next\":\"S\"}]},\"S\":{\"Type\":\"Succeed\"}"));

    assertThat(ended.error()).contains("States.NoChoiceMatched");
  }

  @Test
  void a_condition_is_a_boolean_and_nothing_like_it() {
    ExecutionDescription ended =
        lab.run(
            Lab.machine(
                "C",
                "\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% 1 %}\",\"Next\":\"S\"}]},\"S\":{\"Type\":\"Succeed\"}"));

    assertThat(ended.error()).contains("States.QueryEvaluationError");
    assertThat(ended.cause().orElseThrow())
        .contains("'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Seconds\":7|7",
        "\"Seconds\":\"{% $states.input.s * 2 %}\"|8",
        "\"Timestamp\":\"2026-01-01T00:01:00Z\"|60",
        "\"Timestamp\":\"{% $fromMillis($millis() + 9000) %}\"|9",
        "\"Timestamp\":\"2026-01-01T01:00:00.5+01:00\"|0",
        "\"Timestamp\":\"2025-01-01T00:00:00Z\"|0",
      })
  void a_wait_takes_its_time_and_no_more(String time, long seconds) {
    ExecutionDescription ended =
        lab.run(
            Lab.machine("W", "\"W\":{\"Type\":\"Wait\"," + time + ",\"End\":true}"), "{\"s\":4}");

    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(lab.secondsPassed()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Seconds\":\"{% 0 - 1 %}\"|States.QueryEvaluationError",
        "\"Seconds\":\"{% 'x' %}\"|States.QueryEvaluationError",
        "\"Timestamp\":\"2016-12-05T21:29:29\"|States.QueryEvaluationError",
        "\"Timestamp\":\"{% 3 %}\"|States.QueryEvaluationError",
        "\"Timestamp\":\"2099-01-01T00:00:00Z\"|States.Runtime",
      })
  void a_wait_for_what_is_no_time_fails(String time, String error) {
    ExecutionDescription ended =
        lab.run(Lab.machine("W", "\"W\":{\"Type\":\"Wait\"," + time + ",\"End\":true}"));

    assertThat(ended.error()).contains(error);
  }

  @Test
  void a_fail_ends_with_its_error_and_cause() {
    ExecutionDescription ended =
        lab.run(
            Lab.machine(
                "F",
                "\"F\":{\"Type\":\"Fail\",\"Error\":\"Mine\",\"Cause\":\"{% 'at ' & $states.input.x %}\"}"),
            "{\"x\":\"e\"}");

    assertThat(ended.error()).contains("Mine");
    assertThat(ended.cause()).contains("at e");
    assertThat(lab.shape(ended))
        .containsExactly("1 0 ExecutionStarted", "2 0 FailStateEntered", "3 2 ExecutionFailed");
  }

  @Test
  void a_fail_may_say_nothing() {
    ExecutionDescription ended = lab.run(Lab.machine("F", "\"F\":{\"Type\":\"Fail\"}"));

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.error()).isEmpty();
  }

  @Test
  void a_succeed_shapes_the_output() {
    assertThat(lab.run(Lab.machine("S", "\"S\":{\"Type\":\"Succeed\",\"Output\":[1]}")).output())
        .contains(Lab.json("[1]"));
  }

  @Test
  void a_machine_that_runs_too_long_times_out_whatever_it_waits_for() {
    String machine =
        "{\"QueryLanguage\":\"JSONata\",\"TimeoutSeconds\":10,\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":11,\"End\":true}}}";

    ExecutionDescription ended = lab.run(machine);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
    assertThat(ended.error()).isEmpty();
    assertThat(lab.shape(ended)).endsWith("3 0 ExecutionTimedOut");
    assertThat(lab.secondsPassed()).isEqualTo(10);
  }

  /**
   * A machine that doubles its input, a string; with two quotes the limit is 262,142 characters.
   */
  private ExecutionDescription doubled(int half, String field) {
    String value = "\"{% $states.input & $states.input %}\"";
    return lab.run(
        Lab.machine("S", "\"S\":{\"Type\":\"Pass\"," + field.formatted(value) + ",\"End\":true}"),
        "\"" + "x".repeat(half) + "\"");
  }

  @Test
  void an_output_over_the_limit_fails_the_state() {
    ExecutionDescription ended = doubled(131_072, "\"Output\":%s");

    assertThat(ended.error()).contains("States.DataLimitExceeded");
    assertThat(ended.cause())
        .contains(
            "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.");
  }

  @Test
  void an_output_at_the_limit_is_fine() {
    assertThat(doubled(131_071, "\"Output\":%s").status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void variables_over_the_limit_fail_the_state() {
    ExecutionDescription ended = doubled(131_071, "\"Assign\":{\"a\":%s,\"b\":\"\"},\"Output\":1");

    assertThat(ended.error()).contains("States.DataLimitExceeded");
  }

  @Test
  void an_endless_loop_ends_at_the_25000th_event() {
    ExecutionDescription ended =
        lab.run(Lab.machine("S", "\"S\":{\"Type\":\"Pass\",\"Next\":\"S\"}"));

    assertThat(ended.error()).contains("States.Runtime");
    assertThat(lab.history(ended)).hasSize(25_000);
    assertThat(lab.history(ended).getLast().type()).isEqualTo("ExecutionFailed");
  }
}
