package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.Tasks.Reply;
import dev.weir.states.definition.Edge;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTest {
  private static final String TOKEN = "\"Arguments\":{\"t\":\"{% $states.context.Task.Token %}\"}";

  private final Lab lab = new Lab();

  private static String task(String fields) {
    return task("aws-sdk:sagemaker:describeEndpoint", fields);
  }

  private static String task(String resource, String fields) {
    return Lab.machine(
        "T",
        "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::"
            + resource
            + "\","
            + (fields.isEmpty() ? "" : fields + ",")
            + "\"Next\":\"Done\"},\"Done\":{\"Type\":\"Succeed\"}"
            + (fields.contains("Caught") ? ",\"Caught\":{\"Type\":\"Pass\",\"End\":true}" : ""));
  }

  private static String catching(String... errors) {
    return "\"Catch\":[{\"ErrorEquals\":[\""
        + String.join("\",\"", errors)
        + "\"],\"Next\":\"Caught\"}]";
  }

  @Test
  void a_task_leaves_the_events_that_recorded_histories_have() {
    lab.tasks.reply("describeEndpoint", ScriptedTasks.done("{'Status':'InService'}"));

    ExecutionDescription ended =
        lab.run(
            task("\"Arguments\":{\"Name\":\"{% $states.input.n %}\"},\"TimeoutSeconds\":5"),
            "{\"n\":\"e\"}");

    assertThat(lab.shape(ended))
        .containsExactly(
            "1 0 ExecutionStarted",
            "2 0 TaskStateEntered",
            "3 2 TaskScheduled",
            "4 3 TaskStarted",
            "5 4 TaskSucceeded",
            "6 5 TaskStateExited",
            "7 6 SucceedStateEntered",
            "8 7 SucceedStateExited",
            "9 8 ExecutionSucceeded");
    assertThat(lab.history(ended).get(2).toJson().get("taskScheduledEventDetails"))
        .isEqualTo(
            Lab.json(
                "{'resourceType':'aws-sdk:sagemaker','resource':'describeEndpoint','region':'eu-west-1',"
                    + "'parameters':'{\\'Name\\':\\'e\\'}','timeoutInSeconds':5}"
                        .replace("\\'", "\\\"")));
    assertThat(ended.output()).contains(Lab.json("{'Status':'InService'}"));
  }

  @Test
  void without_arguments_the_input_is_the_argument() {
    lab.run(task(""), "{\"a\":1}");

    assertThat(lab.tasks.calls)
        .singleElement()
        .satisfies(call -> assertThat(call.arguments()).isEqualTo(Lab.json("{'a':1}")));
  }

  @Test
  void output_and_assign_see_the_result_and_the_values_from_before() {
    String machine =
        Lab.machine(
            "A",
            "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"x\":1},\"Next\":\"T\"},"
                + "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Assign\":{\"x\":\"{% $states.result.n %}\",\"y\":\"{% $x %}\"},\"Output\":\"{% $x %}\",\"Next\":\"B\"},"
                + "\"B\":{\"Type\":\"Pass\",\"Output\":[\"{% $states.input %}\",\"{% $x %}\",\"{% $y %}\"],\"End\":true}");
    lab.tasks.reply("publish", ScriptedTasks.done("{'n':5}"));

    assertThat(lab.run(machine).output()).contains(Lab.json("[1,5,1]"));
  }

  @Test
  void an_error_that_nobody_takes_fails_the_execution() {
    lab.tasks.fail("describeEndpoint", "SageMaker.SageMakerException", 1);

    ExecutionDescription ended = lab.run(task(""));

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.error()).contains("SageMaker.SageMakerException");
    assertThat(ended.cause()).contains("told to");
    assertThat(lab.shape(ended)).endsWith("5 4 TaskFailed", "6 5 ExecutionFailed");
  }

  @Test
  void retries_double_their_interval_by_default_and_stop_after_three() {
    lab.tasks.fail("describeEndpoint", "X", 9);

    ExecutionDescription ended = lab.run(task("\"Retry\":[{\"ErrorEquals\":[\"X\"]}]"));

    assertThat(lab.tasks.pauses()).containsExactly(1L, 2L, 4L);
    assertThat(ended.error()).contains("X");
    assertThat(lab.shape(ended))
        .containsSubsequence(
            "5 4 TaskFailed", "6 5 TaskScheduled", "7 6 TaskStarted", "8 7 TaskFailed");
    assertThat(lab.reached)
        .extracting(Edge::toString)
        .containsExactly("T entered", "T retry 0", "T retry 0", "T retry 0", "T exhausted 0");
  }

  @Test
  void a_retry_delay_never_passes_the_longest() {
    lab.tasks.fail("describeEndpoint", "X", 9);

    lab.run(
        task(
            "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"IntervalSeconds\":3,\"BackoffRate\":3,\"MaxDelaySeconds\":20,\"MaxAttempts\":5}]"));

    assertThat(lab.tasks.pauses()).containsExactly(3L, 9L, 20L, 20L, 20L);
  }

  @Test
  void full_jitter_draws_between_nothing_and_the_whole_delay() {
    lab.tasks.fail("describeEndpoint", "X", 900);

    lab.run(
        task(
            "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"IntervalSeconds\":100,\"BackoffRate\":1,\"MaxAttempts\":400,\"JitterStrategy\":\"FULL\"}]"));

    List<Long> pauses = lab.tasks.pauses();
    assertThat(pauses).hasSize(400).allMatch(pause -> pause >= 0 && pause <= 100);
    assertThat(pauses.stream().mapToLong(Long::longValue).average().orElseThrow())
        .isBetween(44.0, 56.0);
  }

  @Test
  void each_retrier_counts_for_itself_and_the_first_that_takes_the_error_decides() {
    for (String error : List.of("X", "Y", "X", "Y", "X")) {
      lab.tasks.fail("describeEndpoint", error, 1);
    }

    ExecutionDescription ended =
        lab.run(
            task(
                "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"MaxAttempts\":2,\"IntervalSeconds\":10,\"BackoffRate\":2},"
                    + "{\"ErrorEquals\":[\"States.ALL\"],\"MaxAttempts\":9,\"IntervalSeconds\":1,\"BackoffRate\":1}]"));

    assertThat(lab.tasks.pauses()).containsExactly(10L, 1L, 20L, 1L);
    assertThat(ended.error()).contains("X");
  }

  @Test
  void an_error_is_caught_only_when_no_retry_is_left() {
    lab.tasks.fail("describeEndpoint", "X", 9);

    ExecutionDescription ended =
        lab.run(
            task(
                "\"Retry\":[{\"ErrorEquals\":[\"X\"],\"MaxAttempts\":2}],"
                    + catching("States.ALL")));

    assertThat(lab.tasks.calls).hasSize(3);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(lab.reached)
        .extracting(Edge::toString)
        .containsExactly(
            "T entered", "T retry 0", "T retry 0", "T exhausted 0", "T catch 0", "Caught entered");
  }

  @Test
  void a_task_tells_its_retries_apart_in_the_context() {
    lab.tasks.fail("describeEndpoint", "X", 1);

    lab.run(
        task(
            "\"Arguments\":{\"n\":\"{% $states.context.State.RetryCount %}\"},\"Retry\":[{\"ErrorEquals\":[\"X\"]}]"));

    assertThat(lab.tasks.calls)
        .extracting(call -> call.arguments().get("n").intValue())
        .containsExactly(0, 1);
  }

  @Test
  void a_caught_error_becomes_the_output_and_the_own_shape_is_left_out() {
    lab.tasks.fail("describeEndpoint", "X", 1);

    ExecutionDescription ended =
        lab.run(task("\"Assign\":{\"a\":1},\"Output\":\"never\"," + catching("Y", "X")));

    assertThat(ended.output()).contains(Lab.json("{'Error':'X','Cause':'told to'}"));
    assertThat(lab.shape(ended))
        .containsSubsequence("5 4 TaskFailed", "6 5 TaskStateExited", "7 6 PassStateEntered");
    assertThat(lab.history(ended).get(5).details().has("assignedVariables")).isFalse();
    assertThat(lab.reached).contains(new Edge("T", Edge.Kind.CATCH, 0));
  }

  @Test
  void a_catcher_shapes_output_and_variables_of_its_own() {
    lab.tasks.fail("describeEndpoint", "X", 1);
    String machine =
        Lab.machine(
            "T",
            "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::aws-sdk:sagemaker:describeEndpoint\",\"Catch\":[{\"ErrorEquals\":[\"X\"],"
                + "\"Assign\":{\"e\":\"{% $states.errorOutput.Error %}\"},\"Output\":\"{% $states.input %}\",\"Next\":\"B\"}],\"End\":true},"
                + "\"B\":{\"Type\":\"Pass\",\"Output\":[\"{% $e %}\",\"{% $states.input %}\"],\"End\":true}");

    assertThat(lab.run(machine, "7").output()).contains(Lab.json("['X',7]"));
  }

  /** What takes what (developer guide, "Error names"). */
  @ParameterizedTest(name = "{1} takes {0}: {2}")
  @CsvSource({
    "X, X, true",
    "X, x, false",
    "X, States.ALL, true",
    "X, States.TaskFailed, true",
    "States.Timeout, States.Timeout, true",
    "States.Timeout, States.ALL, true",
    "States.Timeout, States.TaskFailed, false",
    "States.Permissions, States.TaskFailed, true",
    "States.DataLimitExceeded, States.DataLimitExceeded, true",
    "States.DataLimitExceeded, States.ALL, false",
    "States.DataLimitExceeded, States.TaskFailed, false",
    "States.Runtime, States.ALL, false",
    "States.Runtime, States.TaskFailed, false",
  })
  void an_error_is_taken_by(String error, String catcher, boolean caught) {
    lab.tasks.fail("describeEndpoint", error, 1);

    ExecutionDescription ended = lab.run(task(catching(catcher)));

    assertThat(ended.status() == ExecutionStatus.SUCCEEDED).isEqualTo(caught);
  }

  @Test
  void a_failed_evaluation_is_caught_like_any_error() {
    ExecutionDescription ended =
        lab.run(task("\"Arguments\":\"{% $nobody %}\"," + catching("States.QueryEvaluationError")));

    assertThat(ended.output().orElseThrow().get("Error").textValue())
        .isEqualTo("States.QueryEvaluationError");
    assertThat(lab.tasks.calls).isEmpty();
  }

  @Test
  void a_failed_evaluation_in_a_catcher_is_not_caught_again() {
    lab.tasks.fail("describeEndpoint", "X", 1);

    ExecutionDescription ended =
        lab.run(
            task(
                "\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Output\":\"{% $nobody %}\",\"Next\":\"Caught\"}]"));

    assertThat(ended.error()).contains("States.QueryEvaluationError");
    assertThat(ended.cause().orElseThrow()).contains("'Catch[0]/Output'");
  }

  @Test
  void a_slow_task_times_out_and_its_late_reply_is_lost() {
    lab.tasks.latency = Duration.ofSeconds(9);

    ExecutionDescription ended =
        lab.run(task("\"TimeoutSeconds\":5," + catching("States.Timeout")));

    assertThat(ended.output()).contains(Lab.json("{'Error':'States.Timeout','Cause':''}"));
    assertThat(lab.shape(ended)).contains("5 4 TaskTimedOut", "6 5 TaskStateExited");
    assertThat(lab.history(ended).get(4).timestamp()).isEqualTo(Lab.START.plusSeconds(5));
  }

  @Test
  void a_reply_in_time_stops_the_timeout() {
    lab.tasks.latency = Duration.ofSeconds(4);

    assertThat(lab.run(task("\"TimeoutSeconds\":5")).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void a_lost_reply_was_carried_out_and_ends_as_a_timeout() {
    lab.tasks.reply("describeEndpoint", new Reply.Lost());

    ExecutionDescription ended =
        lab.run(task("\"TimeoutSeconds\":5,\"Retry\":[{\"ErrorEquals\":[\"States.Timeout\"]}]"));

    assertThat(lab.tasks.calls).hasSize(2);
    assertThat(lab.tasks.pauses()).containsExactly(6L);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void timeouts_may_be_expressions() {
    lab.tasks.reply("describeEndpoint", new Reply.Lost());

    ExecutionDescription ended =
        lab.run(task("\"TimeoutSeconds\":\"{% $states.input.t %}\""), "{\"t\":3}");

    assertThat(ended.error()).contains("States.Timeout");
    assertThat(lab.secondsPassed()).isEqualTo(3);
  }

  @Test
  void a_timeout_that_is_no_whole_number_is_refused_when_it_is_evaluated() {
    ExecutionDescription ended =
        lab.run(task("\"TimeoutSeconds\":\"{% $states.input.t %}\""), "{\"t\":\"3\"}");

    assertThat(ended.cause().orElseThrow())
        .contains("Expected 'integer', but was 'string' for value: \"3\"");
  }

  @Test
  void a_token_that_is_sent_back_ends_the_task() {
    String arn = lab.start(task("lambda:invoke.waitForTaskToken", TOKEN), "{}");
    lab.clock.advance(Duration.ofHours(5));
    lab.machines.sendTaskSuccess(token(), "{\"by\":\"ann\"}");
    lab.clock.run();

    ExecutionDescription ended = lab.machines.describeExecution(arn);
    assertThat(ended.output()).contains(Lab.json("{'by':'ann'}"));
    assertThat(lab.shape(ended))
        .containsSubsequence("4 3 TaskStarted", "5 4 TaskSubmitted", "6 5 TaskSucceeded");
    assertThat(lab.history(ended).get(4).details().get("resource").textValue())
        .isEqualTo("invoke.waitForTaskToken");
  }

  @Test
  void a_token_can_fail_the_task() {
    lab.start(task("lambda:invoke.waitForTaskToken", TOKEN + "," + catching("Denied")), "{}");
    lab.clock.run();
    lab.machines.sendTaskFailure(token(), Optional.of("Denied"), Optional.of("by ann"));
    lab.clock.run();

    assertThat(lab.reached).contains(new Edge("T", Edge.Kind.CATCH, 0));
  }

  @Test
  void a_token_works_once() {
    lab.start(task("lambda:invoke.waitForTaskToken", TOKEN), "{}");
    lab.clock.run();
    lab.machines.sendTaskSuccess(token(), "{}");

    assertThatThrownBy(() -> lab.machines.sendTaskSuccess(token(), "{}"))
        .isInstanceOfSatisfying(
            StatesException.class, e -> assertThat(e.code()).isEqualTo("TaskTimedOut"));
  }

  @Test
  void a_token_that_comes_too_late_is_refused() {
    String arn =
        lab.start(task("lambda:invoke.waitForTaskToken", TOKEN + ",\"TimeoutSeconds\":3600"), "{}");
    lab.clock.run();

    assertThatThrownBy(() -> lab.machines.sendTaskHeartbeat(token()))
        .isInstanceOfSatisfying(
            StatesException.class, e -> assertThat(e.code()).isEqualTo("TaskTimedOut"));
    assertThat(lab.machines.describeExecution(arn).error()).contains("States.Timeout");
  }

  @Test
  void a_made_up_token_is_refused() {
    assertThatThrownBy(() -> lab.machines.sendTaskSuccess("bm8=", "{}"))
        .isInstanceOfSatisfying(
            StatesException.class, e -> assertThat(e.code()).isEqualTo("InvalidToken"));
  }

  @Test
  void an_answer_that_is_no_json_leaves_the_task_waiting() {
    String arn = lab.start(task("lambda:invoke.waitForTaskToken", TOKEN), "{}");
    lab.clock.run();

    assertThatThrownBy(() -> lab.machines.sendTaskSuccess(token(), "{"))
        .isInstanceOfSatisfying(
            StatesException.class, e -> assertThat(e.code()).isEqualTo("InvalidOutput"));
    assertThat(lab.machines.describeExecution(arn).status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void every_attempt_has_a_token_of_its_own() {
    lab.tasks.fail("invoke", "X", 1);
    lab.start(
        task("lambda:invoke.waitForTaskToken", TOKEN + ",\"Retry\":[{\"ErrorEquals\":[\"X\"]}]"),
        "{}");
    lab.clock.run();

    assertThat(lab.tasks.calls)
        .extracting(call -> call.taskToken().orElseThrow())
        .doesNotHaveDuplicates();
    assertThat(lab.tasks.calls).hasSize(2);
  }

  @Test
  void silence_longer_than_the_heartbeat_is_a_timeout_with_a_name_of_its_own() {
    lab.start(
        task(
            "lambda:invoke.waitForTaskToken",
            TOKEN + ",\"HeartbeatSeconds\":10," + catching("States.HeartbeatTimeout")),
        "{}");
    lab.clock.advance(Duration.ofSeconds(9));
    lab.machines.sendTaskHeartbeat(token());
    lab.clock.advance(Duration.ofSeconds(9));
    assertThat(lab.reached).doesNotContain(new Edge("T", Edge.Kind.CATCH, 0));

    lab.clock.advance(Duration.ofSeconds(1));

    assertThat(lab.reached).contains(new Edge("T", Edge.Kind.CATCH, 0));
  }

  @Test
  void a_result_over_the_limit_fails_the_task() {
    lab.tasks.reply("describeEndpoint", ScriptedTasks.done("'" + "x".repeat(262_143) + "'"));

    ExecutionDescription ended = lab.run(task(catching("States.DataLimitExceeded")));

    assertThat(ended.output().orElseThrow().get("Cause").textValue())
        .isEqualTo(
            "The state/task 'sagemaker' returned a result with a size exceeding the maximum number of bytes service limit.");
  }

  @Test
  void a_task_that_throws_breaks_the_execution_and_nothing_else() {
    StateMachines broken =
        new StateMachines(
            lab.clock,
            (_, _) -> {
              throw new IllegalStateException("no such fake");
            },
            (_, _) -> {},
            "eu-west-1",
            "0",
            1);
    String machine = broken.createStateMachine("m", task(catching("States.ALL")), "r");
    String arn = broken.startExecution(machine, Optional.empty(), "{}").executionArn();
    lab.clock.run();

    assertThat(broken.describeExecution(arn).error()).contains("States.Runtime");
    assertThat(broken.describeExecution(arn).cause().orElseThrow()).contains("no such fake");
  }

  @Test
  void what_a_world_changes_afterwards_changes_no_history() {
    ObjectNode live = (ObjectNode) Lab.json("{'Status':'Updating'}");
    lab.tasks.reply("describeEndpoint", new Reply.Done(live));
    live.put("Status", "InService");

    ExecutionDescription ended = lab.run(task("\"Arguments\":{\"a\":1}"));
    ((ObjectNode) lab.tasks.calls.getLast().arguments()).put("a", 2);

    assertThat(ended.output()).contains(Lab.json("{'Status':'Updating'}"));
    assertThat(lab.history(ended).get(2).details().get("parameters"))
        .isEqualTo(Lab.json("{'a':1}"));
  }

  @Test
  void a_task_can_start_another_machine_and_does_not_wait_for_it() {
    String child =
        lab.create(Lab.machine("W", "\"W\":{\"Type\":\"Wait\",\"Seconds\":9,\"End\":true}"));
    ExecutionDescription ended =
        lab.run(
            task(
                "states:startExecution",
                "\"Arguments\":{\"StateMachineArn\":\""
                    + child
                    + "\",\"Name\":\"c\",\"Input\":{\"a\":1}}"));

    String arn = ended.output().orElseThrow().get("ExecutionArn").textValue();
    assertThat(lab.machines.describeExecution(arn).input()).isEqualTo(Lab.json("{'a':1}"));
    assertThat(lab.machines.describeExecution(arn).stopDate().orElseThrow())
        .isAfter(ended.stopDate().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"states,StepFunctions", "aws-sdk:sfn,Sfn"})
  void a_machine_that_is_not_there_is_named_as_the_integration_names_it(
      String service, String prefix) {
    ExecutionDescription ended =
        lab.run(
            task(service + ":startExecution", "\"Arguments\":{\"StateMachineArn\":\"arn:gone\"}"));

    assertThat(ended.error()).contains(prefix + ".StateMachineDoesNotExistException");
  }

  private String token() {
    return lab.tasks.calls.getLast().taskToken().orElseThrow();
  }
}
