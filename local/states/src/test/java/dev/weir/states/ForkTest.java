package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.Tasks.Reply;
import dev.weir.states.definition.Edge;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Map and Parallel. */
class ForkTest {
  private final Lab lab = new Lab();

  private static String map(String fields, String states) {
    return Lab.machine(
        "M",
        "\"M\":{\"Type\":\"Map\","
            + (fields.isEmpty() ? "" : fields + ",")
            + "\"ItemProcessor\":{\"StartAt\":\"I\",\"States\":{"
            + states
            + "}},\"Next\":\"End\"},\"End\":{\"Type\":\"Pass\",\"End\":true}");
  }

  private static String task(String name, String more) {
    return "\""
        + name
        + "\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\","
        + more
        + "\"End\":true}";
  }

  private static String branch(String name, String state) {
    return "{\"StartAt\":\"" + name + "\",\"States\":{" + state + "}}";
  }

  @Test
  void a_map_one_at_a_time_leaves_the_events_that_recorded_histories_have() {
    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":[1,2],\"MaxConcurrency\":1",
                "\"I\":{\"Type\":\"Pass\",\"Output\":\"{% $states.input * 10 %}\",\"End\":true}"));

    assertThat(lab.shape(ended))
        .containsExactly(
            "1 0 ExecutionStarted",
            "2 0 MapStateEntered",
            "3 2 MapStateStarted",
            "4 3 MapIterationStarted",
            "5 4 PassStateEntered",
            "6 5 PassStateExited",
            "7 6 MapIterationSucceeded",
            "8 6 MapIterationStarted",
            "9 8 PassStateEntered",
            "10 9 PassStateExited",
            "11 10 MapIterationSucceeded",
            "12 11 MapStateSucceeded",
            "13 11 MapStateExited",
            "14 13 PassStateEntered",
            "15 14 PassStateExited",
            "16 15 ExecutionSucceeded");
    assertThat(ended.output()).contains(Lab.json("[10,20]"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void a_map_never_runs_more_at_once_than_it_may(int most) {
    lab.tasks.latency = Duration.ofSeconds(10);

    lab.run(map("\"Items\":\"{% $range(1, 60, 1) %}\",\"MaxConcurrency\":" + most, task("I", "")));

    assertThat(lab.tasks.calls).hasSize(60);
    assertThat(lab.secondsPassed()).isEqualTo(10L * Math.ceilDiv(60, most));
  }

  @Test
  void a_map_without_a_limit_runs_forty_at_once() {
    lab.tasks.latency = Duration.ofSeconds(10);

    lab.run(map("\"Items\":\"{% $range(1, 41, 1) %}\"", task("I", "")));

    assertThat(lab.secondsPassed()).isEqualTo(20);
  }

  @Test
  void the_results_of_a_map_are_in_the_order_of_its_items() {
    lab.tasks.latency = Duration.ofSeconds(1);
    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":[3,1,2]",
                "\"I\":{\"Type\":\"Wait\",\"Seconds\":\"{% $states.input %}\",\"End\":true}"));

    assertThat(ended.output()).contains(Lab.json("[3,1,2]"));
  }

  @Test
  void a_selector_and_an_iteration_see_the_item() {
    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":\"{% $states.input.list %}\",\"ItemSelector\":{\"i\":\"{% $states.context.Map.Item.Index %}\",\"v\":\"{% $states.context.Map.Item.Value %}\",\"all\":\"{% $count($states.input.list) %}\"}",
                "\"I\":{\"Type\":\"Pass\",\"Output\":[\"{% $states.input %}\",\"{% $states.context.Map.Item.Index %}\"],\"End\":true}"),
            "{\"list\":[\"a\",\"b\"]}");

    assertThat(ended.output())
        .contains(Lab.json("[[{'i':0,'v':'a','all':2},0],[{'i':1,'v':'b','all':2},1]]"));
  }

  @Test
  void a_map_of_nothing_gives_nothing() {
    ExecutionDescription ended = lab.run(map("\"Items\":[]", task("I", "")));

    assertThat(ended.output()).contains(Lab.json("[]"));
    assertThat(lab.shape(ended))
        .containsSubsequence("3 2 MapStateStarted", "4 3 MapStateSucceeded");
  }

  @Test
  void items_are_an_array_or_the_map_fails() {
    ExecutionDescription ended = lab.run(map("\"Items\":\"{% 1 %}\"", task("I", "")));

    assertThat(ended.cause().orElseThrow())
        .endsWith(
            "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1");
    assertThat(lab.shape(ended))
        .containsSubsequence("3 2 EvaluationFailed", "4 3 MapStateFailed", "5 4 ExecutionFailed");
  }

  @Test
  void without_items_the_input_is_the_array() {
    assertThat(lab.run(map("", "\"I\":{\"Type\":\"Succeed\"}"), "[5]").output())
        .contains(Lab.json("[5]"));
    assertThat(lab.run(map("", "\"I\":{\"Type\":\"Succeed\"}"), "{}").cause().orElseThrow())
        .endsWith("Map state input must be an array but was: {}");
  }

  @Test
  void one_failed_iteration_cuts_the_others_short() {
    lab.tasks.reply(
        "publish", ScriptedTasks.done("1"), new Reply.Lost(), new Reply.Failed("X", "c"));

    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":[1,2,3],\"Catch\":[{\"ErrorEquals\":[\"X\"],\"Next\":\"End\"}]",
                "\"I\":{\"Type\":\"Wait\",\"Seconds\":\"{% $states.input %}\",\"Next\":\"J\"},"
                    + task("J", "")));

    assertThat(ended.output()).contains(Lab.json("{'Error':'X','Cause':'c'}"));
    assertThat(lab.history(ended))
        .extracting(HistoryEvent::type)
        .containsSubsequence(
            "MapIterationFailed",
            "TaskStateAborted",
            "TaskStateAborted",
            "MapIterationAborted",
            "MapStateFailed",
            "MapStateExited")
        .containsOnlyOnce("MapIterationAborted", "MapIterationFailed", "MapIterationSucceeded");
  }

  @Test
  void a_retried_map_starts_all_its_iterations_again() {
    lab.tasks.reply("publish", ScriptedTasks.done("1"), new Reply.Failed("X", "c"));

    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":[0,1],\"MaxConcurrency\":1,\"Retry\":[{\"ErrorEquals\":[\"X\"]}]",
                task("I", "")));

    assertThat(lab.tasks.calls).hasSize(4);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(lab.history(ended)).extracting(HistoryEvent::type).doesNotContain("MapStateFailed");
    assertThat(lab.reached).contains(new Edge("M", Edge.Kind.RETRY, 0));
  }

  @Test
  void a_parallel_leaves_the_events_that_recorded_histories_have() {
    String machine =
        Lab.machine(
            "P",
            "\"P\":{\"Type\":\"Parallel\",\"Branches\":["
                + branch("A", "\"A\":{\"Type\":\"Pass\",\"Output\":\"a\",\"End\":true}")
                + "],\"End\":true}");

    ExecutionDescription ended = lab.run(machine);

    assertThat(lab.shape(ended))
        .containsExactly(
            "1 0 ExecutionStarted",
            "2 0 ParallelStateEntered",
            "3 2 ParallelStateStarted",
            "4 3 PassStateEntered",
            "5 4 PassStateExited",
            "6 5 ParallelStateSucceeded",
            "7 5 ParallelStateExited",
            "8 7 ExecutionSucceeded");
    assertThat(ended.output()).contains(Lab.json("['a']"));
  }

  @Test
  void branches_get_the_arguments_and_give_their_outputs_in_order() {
    String machine =
        Lab.machine(
            "P",
            "\"P\":{\"Type\":\"Parallel\",\"Arguments\":{\"n\":\"{% $states.input.n %}\"},\"Branches\":["
                + branch("A", "\"A\":{\"Type\":\"Wait\",\"Seconds\":5,\"End\":true}")
                + ","
                + branch(
                    "B",
                    "\"B\":{\"Type\":\"Pass\",\"Output\":\"{% $states.input.n + 1 %}\",\"End\":true}")
                + "],\"Output\":\"{% $states.result %}\",\"End\":true}");

    assertThat(lab.run(machine, "{\"n\":1,\"m\":2}").output()).contains(Lab.json("[{'n':1},2]"));
  }

  @Test
  void a_failed_branch_fails_the_parallel_and_cuts_the_other_short() {
    String machine =
        Lab.machine(
            "P",
            "\"P\":{\"Type\":\"Parallel\",\"Branches\":["
                + branch("A", "\"A\":{\"Type\":\"Wait\",\"Seconds\":50,\"End\":true}")
                + ","
                + branch(
                    "B",
                    "\"B\":{\"Type\":\"Wait\",\"Seconds\":1,\"Next\":\"F\"},\"F\":{\"Type\":\"Fail\",\"Error\":\"Mine\"}")
                + "],\"End\":true}");

    ExecutionDescription ended = lab.run(machine);

    assertThat(ended.error()).contains("Mine");
    assertThat(lab.secondsPassed()).isEqualTo(1);
    List<String> types = lab.history(ended).stream().map(HistoryEvent::type).toList();
    assertThat(types)
        .containsSubsequence(
            "FailStateEntered", "WaitStateAborted", "ParallelStateFailed", "ExecutionFailed")
        .doesNotContain("FailStateAborted");
  }

  @Test
  void nested_forks_that_fail_are_told_of_once() {
    String inner =
        "\"N\":{\"Type\":\"Map\",\"Items\":[1,2],\"ItemProcessor\":{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $states.input = 2 %}\",\"Next\":\"F\"}],\"Default\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":9,\"End\":true},\"F\":{\"Type\":\"Fail\",\"Error\":\"Mine\"}}},\"End\":true}";
    String machine =
        Lab.machine(
            "P",
            "\"P\":{\"Type\":\"Parallel\",\"Branches\":["
                + branch("N", inner)
                + "],\"Catch\":[{\"ErrorEquals\":[\"Mine\"],\"Next\":\"E\"}],\"Next\":\"E\"},\"E\":{\"Type\":\"Succeed\"}");

    ExecutionDescription ended = lab.run(machine);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(lab.history(ended))
        .extracting(HistoryEvent::type)
        .containsOnlyOnce(
            "MapIterationFailed",
            "WaitStateAborted",
            "MapIterationAborted",
            "MapStateFailed",
            "ParallelStateFailed")
        .doesNotContain("MapStateAborted");
  }

  @Test
  void a_fork_that_waits_for_its_retry_is_cut_short_once() {
    String inner =
        "\"N\":{\"Type\":\"Map\",\"Items\":[1,2],\"ItemProcessor\":{\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $states.input = 2 %}\",\"Next\":\"L\"}],\"Default\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":9,\"End\":true},\"L\":{\"Type\":\"Wait\",\"Seconds\":1,\"Next\":\"F\"},\"F\":{\"Type\":\"Fail\",\"Error\":\"Mine\"}}},"
            + "\"Retry\":[{\"ErrorEquals\":[\"Mine\"],\"IntervalSeconds\":60}],\"End\":true}";
    String sibling =
        "\"S\":{\"Type\":\"Wait\",\"Seconds\":5,\"Next\":\"G\"},\"G\":{\"Type\":\"Fail\",\"Error\":\"Other\"}";
    String machine =
        Lab.machine(
            "P",
            "\"P\":{\"Type\":\"Parallel\",\"Branches\":["
                + branch("N", inner)
                + ","
                + branch("S", sibling)
                + "],\"End\":true}");

    ExecutionDescription ended = lab.run(machine);

    assertThat(ended.error()).contains("Other");
    assertThat(lab.secondsPassed()).isEqualTo(5);
    assertThat(lab.history(ended))
        .extracting(HistoryEvent::type)
        .containsOnlyOnce(
            "MapIterationFailed",
            "WaitStateAborted",
            "MapIterationAborted",
            "MapStateAborted",
            "ParallelStateFailed")
        .doesNotContain("MapStateFailed");
  }

  @Test
  void branches_read_outer_variables_and_keep_their_own() {
    String machine =
        Lab.machine(
            "A",
            "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"outer\":1},\"Next\":\"P\"},"
                + "\"P\":{\"Type\":\"Parallel\",\"Branches\":["
                + branch(
                    "B",
                    "\"B\":{\"Type\":\"Pass\",\"Assign\":{\"own\":\"{% $outer + 1 %}\"},\"Next\":\"C\"},\"C\":{\"Type\":\"Pass\",\"Output\":\"{% $own %}\",\"End\":true}")
                + ","
                + branch(
                    "D",
                    "\"D\":{\"Type\":\"Pass\",\"Output\":\"{% $exists($own) %}\",\"End\":true}")
                + "],\"Assign\":{\"after\":\"{% $states.result %}\"},\"Next\":\"E\"},"
                + "\"E\":{\"Type\":\"Pass\",\"Output\":[\"{% $after %}\",\"{% $exists($own) %}\"],\"End\":true}");

    assertThat(lab.run(machine).output()).contains(Lab.json("[[2,false],false]"));
  }

  @Test
  void iterations_do_not_see_each_others_variables() {
    ExecutionDescription ended =
        lab.run(
            map(
                "\"Items\":[1,2,3],\"MaxConcurrency\":1",
                "\"I\":{\"Type\":\"Pass\",\"Output\":\"{% $exists($seen) %}\",\"Assign\":{\"seen\":true},\"End\":true}"));

    assertThat(ended.output()).contains(Lab.json("[false,false,false]"));
  }
}
