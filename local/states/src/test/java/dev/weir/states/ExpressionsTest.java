package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions as a Pass state evaluates them. */
class ExpressionsTest {
  private final Lab lab = new Lab();

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          $states.input.a + 1|3
          $states.input.missing = 1|false
          $states.input.none = null|true
          $exists($states.input.none)|true
          $exists($states.input.missing)|false
          $states.input.list.n|[1,2]
          $states.input.list[n = 2].n|2
          [$states.input.list[n = 2].n]|[2]
          {'kept': 1, 'gone': $states.input.missing}|{'kept':1}
          $partition([1,2,3,4,5], 2)|[[1,2],[3,4],[5]]
          $range(0, 10, 5)|[0,5,10]
          $range(3, 1, -1)|[3,2,1]
          $range(1, 9, 9)|1
          $hash('a', 'SHA-256')|'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
          $hash('a', 'MD5')|'0cc175b9c0f1b6a831c399e269772661'
          $parse('{"a":[null,1.5]}')|{'a':[null,1.5]}
          $random(7) = $random(7)|true
          $random() = $random()|false
          $length($uuid())|36
          $substring($uuid(), 14, 1)|'4'
          $now()|'2026-01-01T00:00:00.000Z'
          $millis()|1767225600000
          $count($shuffle([1,2,3]))|3
          3 / 2|1.5
          4 / 2|2
          1e3|1000
          $string({'a': 1})|'{"a":1}'
          """)
  void an_expression_gives(String expression, String value) {
    ExecutionDescription ended =
        lab.run(
            pass("\"{% " + expression.replace("\"", "\\\"") + " %}\""),
            "{\"a\":2,\"none\":null,\"list\":[{\"n\":1},{\"n\":2}]}");

    assertThat(ended.output().orElseThrow())
        .isEqualTo(Lab.json(value.replace("\"", "\\\"").replace('\'', '"')));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          $states.input.missing|returned nothing (undefined).
          $nobody|returned nothing (undefined).
          $nobody()|threw an error during evaluation. T1006
          function($x){$x}|returned an unsupported result type.
          'a' + 1|threw an error during evaluation. T2001
          $partition([1], 0)|threw an error
          $range(1, 2, 0)|threw an error
          $range(1, 2000, 1)|threw an error
          $hash('a', 'CRC32')|threw an error
          $parse('nope')|threw an error
          $error('mine')|mine
          """)
  void what_cannot_be_evaluated_fails_the_state(String expression, String message) {
    ExecutionDescription ended = lab.run(pass("{\"x\":\"{% " + expression + " %}\"}"));

    assertThat(ended.error()).contains("States.QueryEvaluationError");
    assertThat(ended.cause().orElseThrow())
        .startsWith(
            "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata"
                + " expression '"
                + expression
                + "' specified for the field 'Output/x' ")
        .contains(message);
  }

  @Test
  void a_failed_evaluation_leaves_an_event() {
    ExecutionDescription ended = lab.run(pass("\"{% $nobody %}\""));

    HistoryEvent event = lab.history(ended).get(2);
    assertThat(event.type()).isEqualTo("EvaluationFailed");
    assertThat(event.details().get("location").textValue()).isEqualTo("Output");
    assertThat(event.details().get("state").textValue()).isEqualTo("S");
  }

  @Test
  void endless_recursion_is_an_error_like_any_other() {
    ExecutionDescription ended =
        lab.run(pass("\"{% ($f := function($n) { 1 + $f($n) }; $f(1)) %}\""));

    assertThat(ended.error()).contains("States.QueryEvaluationError");
  }

  @Test
  void a_workflow_variable_is_read_where_the_expression_has_not_bound_its_name() {
    ExecutionDescription ended =
        lab.run(
            Lab.machine(
                "A",
                "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"x\":10,\"y\":5},\"Next\":\"S\"},\"S\":{\"Type\":\"Pass\",\"Output\":\"{% ($y := $y + 1; $sum($map([1, 2], function($x) { $x })) + $x + $y) %}\",\"End\":true}"));

    assertThat(ended.output()).contains(Lab.json("19"));
  }

  @Test
  void the_context_object_tells_of_execution_machine_and_state() {
    ExecutionDescription ended = lab.run(pass("\"{% $states.context %}\""), "{\"a\":1}");

    assertThat(ended.output().orElseThrow())
        .isEqualTo(
            Lab.json(
                """
                {'Execution':{'Id':'%s','Name':'%s','RoleArn':'arn:aws:iam::0:role/r',
                  'StartTime':'2026-01-01T00:00:00.000Z','RedriveCount':0,'Input':{'a':1}},
                 'StateMachine':{'Id':'%s','Name':'m0'},
                 'State':{'EnteredTime':'2026-01-01T00:00:00.000Z','Name':'S'}}
                """
                    .formatted(ended.executionArn(), ended.name(), ended.stateMachineArn())));
  }

  private static String pass(String output) {
    return Lab.machine("S", "\"S\":{\"Type\":\"Pass\",\"Output\":" + output + ",\"End\":true}");
  }
}
