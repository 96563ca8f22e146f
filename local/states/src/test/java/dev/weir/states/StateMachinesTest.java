package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateMachinesTest {
  private static final String WAIT =
      Lab.machine("W", "\"W\":{\"Type\":\"Wait\",\"Seconds\":60,\"End\":true}");

  private Lab lab = new Lab();

  private ExecutionDescription start(String machine, String name, String input) {
    return lab.machines.startExecution(machine, Optional.of(name), input);
  }

  @Test
  void the_same_machine_created_again_is_the_same() {
    String arn = lab.machines.createStateMachine("m", WAIT, "r");

    assertThat(lab.machines.createStateMachine("m", WAIT, "r")).isEqualTo(arn);
    assertThat(arn).isEqualTo("arn:aws:states:eu-west-1:000000000000:stateMachine:m");
  }

  @Test
  void another_machine_of_that_name_is_refused() {
    lab.machines.createStateMachine("m", WAIT, "r");

    assertRefused(
        "StateMachineAlreadyExists", () -> lab.machines.createStateMachine("m", WAIT, "s"));
  }

  @Test
  void a_broken_definition_is_refused_with_state_and_field() {
    assertThatThrownBy(() ->
            lab.machines.createStateMachine(
                "m", Lab.machine("S", "\"S\":{\"Type\":\"Pass\",\"End\":true,\"X\":1}"), "r"))
        .isInstanceOfSatisfying(
            StatesException.class, e -> assertThat(e.code()).isEqualTo("InvalidDefinition"))
        .hasMessageContaining("at /States/S/X");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a/b", "a*", "a\u0007"})
  void a_name_that_no_arn_could_hold_is_refused(String name) {
    assertRefused("InvalidName", () -> lab.machines.createStateMachine(name, WAIT, "r"));
    String machine = lab.create(WAIT);
    assertRefused("InvalidName", () -> start(machine, name, "{}"));
  }

  @Test
  void a_name_has_at_most_80_characters() {
    String machine = lab.create(WAIT);

    assertThat(start(machine, "x".repeat(80), "{}").name()).hasSize(80);
    assertRefused("InvalidName", () -> start(machine, "x".repeat(81), "{}"));
  }

  @Test
  void the_same_start_while_it_runs_is_the_same_execution() {
    String machine = lab.create(WAIT);
    ExecutionDescription first = start(machine, "e", "{\"a\":1}");
    lab.clock.advance(Duration.ofSeconds(30));

    assertThat(start(machine, "e", "{ \"a\": 1 }")).isEqualTo(first);
    lab.clock.run();
    assertThat(lab.machines.listExecutions(machine, Optional.empty())).hasSize(1);
  }

  @Test
  void another_input_under_that_name_is_refused() {
    String machine = lab.create(WAIT);
    start(machine, "e", "{\"a\":1}");

    assertRefused("ExecutionAlreadyExists", () -> start(machine, "e", "{\"a\":2}"));
  }

  @Test
  void the_same_start_after_its_end_is_refused_for_90_days() {
    String machine = lab.create(WAIT);
    start(machine, "e", "{}");
    lab.clock.advance(Duration.ofDays(90));
    assertRefused("ExecutionAlreadyExists", () -> start(machine, "e", "{}"));

    lab.clock.advance(Duration.ofDays(1));

    assertThat(start(machine, "e", "{}").status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void of_executions_that_ended_the_latest_are_kept_and_of_older_ones_the_name() {
    lab = new Lab(1, StateMachines.Links.keeping(2));
    String machine = lab.create(WAIT);
    String oldest = start(machine, "e0", "{}").executionArn();
    for (String name : List.of("e1", "e2")) {
      lab.clock.run();
      start(machine, name, "{}");
    }
    assertThat(lab.machines.getExecutionHistory(oldest)).isNotEmpty();

    lab.clock.run();

    assertThat(lab.machines.listExecutions(machine, Optional.empty()))
        .extracting(ExecutionDescription::name)
        .containsExactly("e2", "e1");
    assertRefused("ExecutionDoesNotExist", () -> lab.machines.getExecutionHistory(oldest));
    assertRefused("ExecutionAlreadyExists", () -> start(machine, "e0", "{}"));
    lab.clock.advance(Duration.ofDays(91));
    assertThat(start(machine, "e0", "{}").status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void one_that_runs_is_kept_whatever_ends_after_it() {
    lab = new Lab(1, StateMachines.Links.keeping(1));
    String waits = lab.create(WAIT);
    String runs = start(waits, "runs", "{}").executionArn();
    String passes = lab.create(Lab.machine("P", "\"P\":{\"Type\":\"Succeed\"}"));
    for (int i = 0; i < 5; i++) {
      start(passes, "e" + i, "{}");
      lab.clock.advance(Duration.ofSeconds(1));
    }

    assertThat(lab.machines.describeExecution(runs).status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(lab.machines.listExecutions(passes, Optional.empty())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not", "{'a':1}", "{} {}"})
  void an_input_that_is_no_json_is_refused(String input) {
    String machine = lab.create(WAIT);

    assertRefused("InvalidExecutionInput", () -> start(machine, "e", input));
  }

  @Test
  void an_input_over_the_limit_is_refused() {
    String machine = lab.create(WAIT);

    assertRefused(
        "InvalidExecutionInput", () -> start(machine, "e", "\"" + "é".repeat(131_072) + "\""));
  }

  @Test
  void what_does_not_exist_is_said_so() {
    assertRefused("StateMachineDoesNotExist", () -> start("arn:gone", "e", "{}"));
    assertRefused(
        "StateMachineDoesNotExist",
        () -> lab.machines.listExecutions("arn:gone", Optional.empty()));
    assertRefused("ExecutionDoesNotExist", () -> lab.machines.describeExecution("arn:gone"));
    assertRefused("ExecutionDoesNotExist", () -> lab.machines.getExecutionHistory("arn:gone"));
    assertRefused(
        "ExecutionDoesNotExist",
        () -> lab.machines.stopExecution("arn:gone", Optional.empty(), Optional.empty()));
  }

  @Test
  void a_stopped_execution_stops_at_once_and_stays_stopped() {
    String arn = lab.start(WAIT, "{}");
    lab.clock.advance(Duration.ofSeconds(5));
    lab.machines.stopExecution(arn, Optional.of("Drill"), Optional.of("over"));
    lab.clock.run();

    ExecutionDescription ended = lab.machines.describeExecution(arn);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.ABORTED);
    assertThat(ended.error()).contains("Drill");
    assertThat(lab.shape(ended))
        .containsExactly("1 0 ExecutionStarted", "2 0 WaitStateEntered", "3 0 ExecutionAborted");
    assertThat(lab.machines.stopExecution(arn, Optional.empty(), Optional.empty()))
        .isEqualTo(Lab.START.plusSeconds(5));
  }

  @Test
  void executions_are_listed_newest_first_and_by_status() {
    String machine = lab.create(WAIT);
    start(machine, "old", "{}");
    lab.clock.run();
    start(machine, "new", "{}");

    assertThat(lab.machines.listExecutions(machine, Optional.empty()))
        .extracting(ExecutionDescription::name)
        .containsExactly("new", "old");
    assertThat(lab.machines.listExecutions(machine, Optional.of(ExecutionStatus.RUNNING)))
        .extracting(ExecutionDescription::name)
        .containsExactly("new");
  }

  private static void assertRefused(String code, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(StatesException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
