package dev.weir.states.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.states.definition.InvalidDefinitionException.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionTest {

  /** Every row: what is wrong, where it is said to be, and what is said. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no JSON|{|/|Unexpected end-of-input
          twice the same field|{"StartAt":"A","StartAt":"A"}|/|Duplicate field 'StartAt'
          JSONPath machine|{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}|/QueryLanguage|Only JSONata
          unknown field of the machine|{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}},"Foo":1}|/Foo|unknown
          machine timeout of no time|{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}},"TimeoutSeconds":0}|/TimeoutSeconds|whole number 1..
          """)
  void a_broken_machine_is_refused(String what, String json, String location, String message) {
    assertRefused(json, location, message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          unknown start|"A":{"Type":"Pass","Next":"Gone"},"S":{"Type":"Succeed"}|/States/A|no state 'Gone'
          unreachable state|"S":{"Type":"Succeed"},"B":{"Type":"Succeed"}|/States/B|cannot be reached
          unknown type|"S":{"Type":"Sleep"}|/States/S/Type|no state type
          JSONPath state|"S":{"Type":"Succeed","QueryLanguage":"JSONPath"}|/States/S/QueryLanguage|Only JSONata
          JSONPath field|"S":{"Type":"Pass","ResultPath":"$.x","End":true}|/States/S/ResultPath|JSONPath
          unknown field|"S":{"Type":"Pass","Colour":"red","End":true}|/States/S/Colour|unknown
          retry of a Pass|"S":{"Type":"Pass","Retry":[],"End":true}|/States/S/Retry|unknown
          assign of a Succeed|"S":{"Type":"Succeed","Assign":{"a":1}}|/States/S/Assign|unknown
          neither Next nor End|"S":{"Type":"Pass"}|/States/S/Next|Exactly one
          both Next and End|"S":{"Type":"Pass","Next":"S","End":true}|/States/S/Next|Exactly one
          End that is false|"S":{"Type":"Pass","End":false}|/States/S/End|Must be true
          no Resource|"S":{"Type":"Task","End":true}|/States/S/Resource|required
          a function as Resource|"S":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:f","End":true}|/States/S/Resource|no SDK or optimised
          .sync|"S":{"Type":"Task","Resource":"arn:aws:states:::sagemaker:createTrainingJob.sync","End":true}|/States/S/Resource|poll instead
          capital action|"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sagemaker:DescribeEndpoint","End":true}|/States/S/Resource|no SDK
          unknown optimised integration|"S":{"Type":"Task","Resource":"arn:aws:states:::sns:subscribe","End":true}|/States/S/Resource|no supported optimised
          token of DynamoDB|"S":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem.waitForTaskToken","End":true}|/States/S/Resource|no supported optimised
          credentials|"S":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Credentials":{},"End":true}|/States/S/Credentials|not supported
          timeout of no time|"S":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","TimeoutSeconds":0,"End":true}|/States/S/TimeoutSeconds|whole number 1..
          heartbeat as long as the timeout|"S":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","TimeoutSeconds":5,"HeartbeatSeconds":5,"End":true}|/States/S/HeartbeatSeconds|less than TimeoutSeconds
          no rules|"S":{"Type":"Choice","Choices":[]}|/States/S/Choices|at least one rule
          text as condition|"S":{"Type":"Choice","Choices":[{"Condition":"yes","Next":"S"}]}|/States/S/Choices[0]/Condition|boolean
          rule without Next|"S":{"Type":"Choice","Choices":[{"Condition":true}]}|/States/S/Choices[0]/Next|required
          JSONPath rule|"S":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"S"}]}|/States/S/Choices[0]/Variable|JSONPath
          unknown default|"S":{"Type":"Choice","Choices":[{"Condition":true,"Next":"S"}],"Default":"D"}|/States/S|no state 'D'
          wait without time|"S":{"Type":"Wait","End":true}|/States/S/Seconds|Exactly one
          wait with two times|"S":{"Type":"Wait","Seconds":1,"Timestamp":"2026-01-01T00:00:00Z","End":true}|/States/S/Seconds|Exactly one
          wait for half a second|"S":{"Type":"Wait","Seconds":0.5,"End":true}|/States/S/Seconds|whole number
          number as error|"S":{"Type":"Fail","Error":3}|/States/S/Error|Expected a string
          no branches|"S":{"Type":"Parallel","Branches":[],"End":true}|/States/S/Branches|at least one branch
          unknown field of a branch|"S":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Succeed"}},"Foo":1}],"End":true}|/States/S/Branches[0]/Foo|unknown
          distributed Map|"S":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true}|/States/S/ItemProcessor/ProcessorConfig/Mode|Only INLINE
          no processor|"S":{"Type":"Map","End":true}|/States/S/ItemProcessor|required
          too many at once|"S":{"Type":"Map","MaxConcurrency":41,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true}|/States/S/MaxConcurrency|at most 40
          tolerated failures inline|"S":{"Type":"Map","ToleratedFailureCount":1,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true}|/States/S/ToleratedFailureCount|not supported
          one name twice|"S":{"Type":"Parallel","Branches":[{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}],"End":true}|/States/S|unique
          transition out of a branch|"S":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"S"}}}],"End":true}|/States/S/Branches[0]/States/B|no state 'S'
          outer variable assigned inside|"S":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"x":1},"End":true}}}],"Next":"T"},"T":{"Type":"Pass","Assign":{"x":1},"End":true}|/States/B/Assign/x|outer scope
          """)
  void a_broken_state_is_refused(String what, String states, String location, String message) {
    assertRefused(machine(states), location, message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no errors|{}|Retry[0]/ErrorEquals|at least one
          interval of no time|{"ErrorEquals":["X"],"IntervalSeconds":0}|Retry[0]/IntervalSeconds|whole number 1..
          fewer than no attempts|{"ErrorEquals":["X"],"MaxAttempts":-1}|Retry[0]/MaxAttempts|whole number 0..
          shrinking backoff|{"ErrorEquals":["X"],"BackoffRate":0.9}|Retry[0]/BackoffRate|at least 1
          longest delay below the first|{"ErrorEquals":["X"],"IntervalSeconds":5,"MaxDelaySeconds":5}|Retry[0]/MaxDelaySeconds|more than IntervalSeconds
          longest delay over the limit|{"ErrorEquals":["X"],"MaxDelaySeconds":31622401}|Retry[0]/MaxDelaySeconds|..31622400
          unknown jitter|{"ErrorEquals":["X"],"JitterStrategy":"SOME"}|Retry[0]/JitterStrategy|FULL or NONE
          everything and more|{"ErrorEquals":["States.ALL","X"]}|Retry[0]/ErrorEquals|stand alone
          everything first|{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["X"]}|Retry[0]/ErrorEquals|in the last entry
          what nothing can catch|{"ErrorEquals":["States.Runtime"]}|Retry[0]/ErrorEquals|no error that can be caught
          unknown field|{"ErrorEquals":["X"],"Next":"S"}|Retry[0]/Next|unknown
          """)
  void a_broken_retrier_is_refused(String what, String retry, String location, String message) {
    String state =
        "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Retry\":[%s],\"End\":true}";
    assertRefused(machine(state.formatted(retry)), "/States/S/" + location, message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          eval|{% $eval('1') %}|$eval is not available
          no JSONata|{% 1 + %}|is not JSONata
          not closed|{% 1|ends with %}
          the context item|{% $ %}|'$' reads a context item
          the root|{% $$.a %}|'$$' reads a context item
          an unqualified name|{% name %}|'name' reads a context item
          an unqualified name as an argument|{% $exists(a.b) %}|'a' reads a context item
          an unqualified name in a function|{% $map([1], function($v) { foo }) %}|'foo' reads a context item
          a result before there is one|{% $states.result %}|$states.result is not available here
          an error output outside Catch|{% $states.errorOutput.Error %}|$states.errorOutput is not available here
          an unknown field of $states|{% $states.inputs %}|$states.inputs is not available here
          """)
  void an_impossible_expression_is_refused(String what, String expression, String message) {
    assertRefused(
        machine(
            "\"S\":{\"Type\":\"Pass\",\"Output\":{\"a\":[\"" + expression + "\"]},\"End\":true}"),
        "/States/S/Output/a[0]",
        message);
  }

  @ParameterizedTest
  @CsvSource({"states", "9lives", "a-b", "''"})
  void a_variable_is_an_identifier_and_not_reserved(String name) {
    assertRefused(
        machine("\"S\":{\"Type\":\"Pass\",\"Assign\":{\"" + name + "\":1},\"End\":true}"),
        "/States/S/Assign/" + name,
        "");
  }

  @Test
  void a_state_name_has_at_most_80_characters() {
    String name = "x".repeat(81);
    assertRefused(
        "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"%s\",\"States\":{\"%s\":{\"Type\":\"Succeed\"}}}"
            .formatted(name, name),
        "/States/" + name,
        "at most 80");
  }

  @Test
  void everything_wrong_is_told_at_once() {
    assertThatThrownBy(
            () -> Definition.read(machine("\"S\":{\"Type\":\"Pass\"},\"B\":{\"Type\":\"Zzz\"}")))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class, refused -> assertThat(refused.refusals()).hasSize(3));
  }

  @Test
  void field_names_and_dollars_within_paths_are_fine() {
    Definition read =
        Definition.read(
            machine(
                "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% $states.input.items[price > 3].{'n': name, 'all': $} ~> $map(function($v, $i) { $v.n & $i }) %}\",\"End\":true}"));

    assertThat(read.flow().states()).containsKey("S");
  }

  @Test
  void a_result_and_an_error_output_are_there_where_they_exist() {
    Definition read =
        Definition.read(
            machine(
                "\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Output\":\"{% $states.result %}\","
                    + "\"Catch\":[{\"ErrorEquals\":[\"X\"],\"Assign\":{\"e\":\"{% $states.errorOutput %}\"},\"Next\":\"T\"}],\"Next\":\"T\"},\"T\":{\"Type\":\"Succeed\"}"));

    assertThat(read.edges())
        .extracting(Edge::toString)
        .containsExactly("S entered", "S catch 0", "T entered");
  }

  @Test
  void two_branches_may_assign_a_variable_of_the_same_name() {
    String branch =
        "{\"StartAt\":\"%s\",\"States\":{\"%s\":{\"Type\":\"Pass\",\"Assign\":{\"x\":1},\"End\":true}}}";
    Definition read =
        Definition.read(
            machine(
                "\"S\":{\"Type\":\"Parallel\",\"Branches\":["
                    + branch.formatted("A", "A")
                    + ","
                    + branch.formatted("B", "B")
                    + "],\"End\":true}"));

    assertThat(read.flow().all()).extracting(State::name).containsExactly("S", "A", "B");
  }

  @Test
  void every_edge_of_a_definition_is_listed() {
    Definition read =
        Definition.read(
            machine(
                "\"S\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":true,\"Next\":\"T\"}],\"Default\":\"U\"},"
                    + "\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Retry\":[{\"ErrorEquals\":[\"X\"]},{\"ErrorEquals\":[\"Y\"],\"MaxAttempts\":0}],\"Next\":\"U\"},"
                    + "\"U\":{\"Type\":\"Succeed\"}"));

    assertThat(read.edges())
        .extracting(Edge::toString)
        .containsExactly(
            "S entered",
            "S choice 0",
            "S default",
            "T entered",
            "T retry 0",
            "T exhausted 0",
            "T exhausted 1",
            "U entered");
  }

  @Test
  void an_expression_names_the_variables_it_does_not_bind() {
    Expression expression =
        new Expression(
            "($x := $a + 1; $map($b, function($v) { $v + $x }); $states.context.Task.Token)");

    assertThat(expression.variables()).containsExactlyInAnyOrder("a", "b", "map", "states");
    assertThat(expression.states()).containsExactly("context");
  }

  @Test
  void a_step_binds_its_item_and_its_index_for_the_steps_after_it() {
    Expression expression =
        new Expression("$states.input.items@$item#$i.{'item': $item, 'index': $i, 'other': $j}");

    assertThat(expression.variables()).containsExactlyInAnyOrder("j", "states");
  }

  @Test
  void a_tree_holds_every_node_of_its_expression_once() {
    Node tree = new Expression("$a ? {'k': $f($b, 1)} : [$b]").tree();

    assertThat(tree.type()).isEqualTo("condition");
    assertThat(tree.part("then").getFirst().part("lhsObject"))
        .extracting(Node::value)
        .startsWith("k");
    assertThat(tree.all().filter(node -> node.type().equals("variable")))
        .extracting(Node::value)
        .containsExactlyInAnyOrder("a", "f", "b", "b");
  }

  private static String machine(String states) {
    return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"S\",\"States\":{" + states + "}}";
  }

  private static void assertRefused(String json, String location, String message) {
    assertThatThrownBy(() -> Definition.read(json))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class,
            refused ->
                assertThat(refused.refusals())
                    .anySatisfy(refusal -> {
                      assertThat(refusal.location()).isEqualTo(location);
                      assertThat(refusal.message()).contains(message);
                    })
                    .extracting(Refusal::message)
                    .doesNotContainNull());
  }
}
