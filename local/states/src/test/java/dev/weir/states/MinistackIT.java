package dev.weir.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.Tasks.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same machines on this runner and on ministack, their tasks on the same tables: the states of
 * the outermost flow with inputs and outputs, and the execution's end, agree, or the difference is
 * one that is named here.
 */
class MinistackIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static @Nullable Ministack ministack;

  private final Lab lab = new Lab();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    try {
      Ministack started = new Ministack();
      ministack = started;
      for (String engine : List.of("ours", "theirs")) {
        started.call(
            "DynamoDB_20120810.CreateTable",
            json(
                """
                {"TableName":"%s","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
                 "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}]}
                """
                    .formatted(engine)));
      }
    } catch (Ministack.Missing e) {
      System.out.println("MinistackIT is skipped: " + e.getMessage());
      Assumptions.abort(String.valueOf(e.getMessage()));
    }
  }

  @AfterAll
  static void stop() {
    if (ministack != null) {
      ministack.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void both_engines_take_the_same_way(Agreed machine) {
    assertThat(ours(machine.definition, machine.input))
        .isEqualTo(theirs(machine.name(), machine.definition, machine.input));
  }

  @ParameterizedTest
  @EnumSource
  void where_they_differ_the_reason_is_known(Differing machine) {
    List<String> ours = ours(machine.definition, machine.input);
    List<String> theirs = theirs(machine.name(), machine.definition, machine.input);

    System.out.printf(
        "ministack differs: %s%n  ours   %s%n  theirs %s%n", machine.reason, ours, theirs);
    assertThat(ours).contains(machine.ours).doesNotContain(machine.theirs);
    assertThat(theirs).contains(machine.theirs).doesNotContain(machine.ours);
  }

  @Test
  void a_broken_expression_is_refused_by_both() {
    String broken =
        Lab.machine("S", "\"S\":{\"Type\":\"Pass\",\"Output\":\"{% 1 + %}\",\"End\":true}");
    ObjectNode request = JSON.createObjectNode().put("name", "broken").put("definition", broken);
    JsonNode refused =
        emulator()
            .call(
                "AWSStepFunctions.CreateStateMachine",
                request.put("roleArn", "arn:aws:iam::000000000000:role/r"))
            .body();

    assertThat(refused.get("__type").asText()).endsWith("InvalidDefinition");
    assertThat(catchThrowableOfType(StatesException.class, () -> lab.create(broken)).code())
        .isEqualTo("InvalidDefinition");
  }

  private static String table(String fields) {
    return "\"Resource\":\"arn:aws:states:::aws-sdk:dynamodb:updateItem\",\"Arguments\":{\"TableName\":\"{% $states.input.table %}\",\"Key\":{\"pk\":{\"S\":\"{% $states.input.key %}\"}},"
        + "\"UpdateExpression\":\"SET #o = :o ADD fence :one\",\"ConditionExpression\":\"attribute_not_exists(#o) OR #o = :o\",\"ExpressionAttributeNames\":{\"#o\":\"owner\"},"
        + "\"ExpressionAttributeValues\":{\":o\":{\"S\":\"{% $states.input.owner %}\"},\":one\":{\"N\":\"1\"}},\"ReturnValues\":\"ALL_NEW\"}"
        + fields;
  }

  private enum Agreed {
    PASS(
        "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"x\":\"{% $states.input.n + 1 %}\"},\"Output\":{\"was\":\"{% $states.input.n %}\"},\"Next\":\"B\"},"
            + "\"B\":{\"Type\":\"Pass\",\"Output\":\"{% {'x': $x, 'in': $states.input} %}\",\"End\":true}",
        "{\"n\":1}"),
    CHOICE(
        "\"A\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $states.input.n > 5 %}\",\"Next\":\"B\"},{\"Condition\":\"{% $states.input.n = 1 %}\",\"Assign\":{\"by\":\"rule\"},\"Output\":{\"o\":1},\"Next\":\"C\"}],\"Default\":\"B\"},"
            + "\"B\":{\"Type\":\"Fail\"},\"C\":{\"Type\":\"Pass\",\"Output\":[\"{% $by %}\",\"{% $states.input %}\"],\"End\":true}",
        "{\"n\":1}"),
    LOOP(
        "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"i\":0},\"Next\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":\"{% $i %}\",\"Next\":\"I\"},"
            + "\"I\":{\"Type\":\"Pass\",\"Assign\":{\"i\":\"{% $i + 1 %}\"},\"Next\":\"C\"},"
            + "\"C\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% $i < 3 %}\",\"Next\":\"W\"}],\"Default\":\"E\"},\"E\":{\"Type\":\"Pass\",\"Output\":\"{% $i %}\",\"End\":true}",
        "{}"),
    FAIL(
        "\"A\":{\"Type\":\"Fail\",\"Error\":\"{% 'E' & $states.input.n %}\",\"Cause\":\"because\"}",
        "{\"n\":7}"),
    MAP(
        "\"A\":{\"Type\":\"Map\",\"Items\":\"{% $states.input.list %}\",\"MaxConcurrency\":2,\"ItemSelector\":{\"i\":\"{% $states.context.Map.Item.Index %}\",\"v\":\"{% $states.context.Map.Item.Value %}\"},"
            + "\"ItemProcessor\":{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"Output\":\"{% $states.input.i * $states.input.v %}\",\"End\":true}}},\"Output\":{\"sum\":\"{% $sum($states.result) %}\"},\"End\":true}",
        "{\"list\":[4,5,6]}"),
    PARALLEL_CAUGHT(
        "\"A\":{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"X\",\"States\":{\"X\":{\"Type\":\"Pass\",\"End\":true}}},{\"StartAt\":\"Y\",\"States\":{\"Y\":{\"Type\":\"Fail\",\"Error\":\"Mine\",\"Cause\":\"c\"}}}],"
            + "\"Catch\":[{\"ErrorEquals\":[\"Mine\"],\"Assign\":{\"e\":\"{% $states.errorOutput.Error %}\"},\"Output\":\"{% $states.input %}\",\"Next\":\"B\"}],\"End\":true},\"B\":{\"Type\":\"Pass\",\"Output\":\"{% $e %}\",\"End\":true}",
        "{}"),
    LOCK(
        "\"A\":{\"Type\":\"Task\","
            + table(
                ",\"Assign\":{\"fence\":\"{% $states.result.Attributes.fence.N %}\"},\"Output\":\"{% $states.input %}\",\"Next\":\"B\"}")
            + ",\"B\":{\"Type\":\"Pass\",\"Output\":\"{% $fence %}\",\"End\":true}",
        "{\"table\":\"ENGINE\",\"key\":\"lock\",\"owner\":\"me\"}"),
    LOCK_BUSY(
        "\"A\":{\"Type\":\"Task\","
            + table(
                ",\"Catch\":[{\"ErrorEquals\":[\"DynamoDb.ConditionalCheckFailedException\"],\"Output\":\"{% $states.errorOutput.Error %}\",\"Next\":\"B\"}],\"End\":true}")
            + ",\"B\":{\"Type\":\"Pass\",\"End\":true}",
        "{\"table\":\"ENGINE\",\"key\":\"lock\",\"owner\":\"you\"}"),
    UNDEFINED(
        "\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::aws-sdk:dynamodb:getItem\",\"Arguments\":{\"TableName\":\"{% $states.input.missing %}\"},"
            + "\"Catch\":[{\"ErrorEquals\":[\"States.QueryEvaluationError\"],\"Output\":\"{% $states.errorOutput.Error %}\",\"Next\":\"B\"}],\"End\":true},\"B\":{\"Type\":\"Pass\",\"End\":true}",
        "{}"),
    RETRIED(
        "\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::aws-sdk:dynamodb:getItem\",\"Arguments\":{\"TableName\":\"nowhere\",\"Key\":{\"pk\":{\"S\":\"x\"}}},"
            + "\"Retry\":[{\"ErrorEquals\":[\"DynamoDb.ResourceNotFoundException\"],\"MaxAttempts\":2}],\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Output\":\"{% [$states.errorOutput.Error, $states.context.State.RetryCount] %}\",\"Next\":\"B\"}],\"End\":true},\"B\":{\"Type\":\"Pass\",\"End\":true}",
        "{}"),
    FUNCTIONS(
        "\"A\":{\"Type\":\"Pass\",\"Output\":\"{% [$partition([1,2,3], 2), $range(0, 4, 2), $hash('a', 'SHA-1'), $parse('[1]'), $exists($states.input.x), $states.input.l[a = 2].b] %}\",\"End\":true}",
        "{\"l\":[{\"a\":1,\"b\":1},{\"a\":2,\"b\":\"two\"}]}"),
    NO_CHOICE(
        "\"A\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% false %}\",\"Next\":\"B\"}]},\"B\":{\"Type\":\"Succeed\"}",
        "{}");

    final String definition;
    final String input;

    Agreed(String states, String input) {
      definition = Lab.machine("A", states);
      this.input = input;
    }
  }

  private enum Differing {
    SUCCEED_OUTPUT(
        "ministack ignores Output of Succeed",
        "\"A\":{\"Type\":\"Succeed\",\"Output\":[1]}",
        "{}",
        "SUCCEEDED [1]",
        "SUCCEEDED {}"),
    ASSIGN_ORDER(
        "ministack lets one variable of an Assign see another that was assigned before it",
        "\"A\":{\"Type\":\"Pass\",\"Assign\":{\"x\":1},\"Next\":\"B\"},\"B\":{\"Type\":\"Pass\",\"Assign\":{\"x\":2,\"y\":\"{% $x %}\"},\"Next\":\"C\"},\"C\":{\"Type\":\"Pass\",\"Output\":\"{% $y %}\",\"End\":true}",
        "{}",
        "SUCCEEDED 1",
        "SUCCEEDED 2"),
    BRANCH_VARIABLES(
        "ministack has one scope of variables for an execution",
        "\"A\":{\"Type\":\"Parallel\",\"Branches\":[{\"StartAt\":\"X\",\"States\":{\"X\":{\"Type\":\"Pass\",\"Assign\":{\"own\":1},\"End\":true}}}],\"Next\":\"B\"},\"B\":{\"Type\":\"Pass\",\"Output\":\"{% $exists($own) %}\",\"End\":true}",
        "{}",
        "SUCCEEDED false",
        "SUCCEEDED true"),
    TRUTHY_CONDITION(
        "ministack takes any truthy condition for true",
        "\"A\":{\"Type\":\"Choice\",\"Choices\":[{\"Condition\":\"{% 1 %}\",\"Next\":\"B\"}]},\"B\":{\"Type\":\"Pass\",\"End\":true}",
        "{}",
        "FAILED States.QueryEvaluationError",
        "SUCCEEDED {}"),
    ITEMS_OF_INPUT(
        "ministack makes an array of an input that is none",
        "\"A\":{\"Type\":\"Map\",\"ItemProcessor\":{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}},\"End\":true}",
        "{}",
        "FAILED States.QueryEvaluationError",
        "SUCCEEDED [{}]");

    final String reason;
    final String definition;
    final String input;
    final String ours;
    final String theirs;

    Differing(String reason, String states, String input, String ours, String theirs) {
      this.reason = reason;
      this.definition = Lab.machine("A", states);
      this.input = input;
      this.ours = ours;
      this.theirs = theirs;
    }
  }

  private List<String> ours(String definition, String input) {
    StateMachines machines =
        new StateMachines(lab.clock, new Dynamo(), (_, _) -> {}, "us-east-1", "000000000000", 1);
    String machine = machines.createStateMachine("m", definition, "r");
    String arn =
        machines
            .startExecution(machine, Optional.empty(), input.replace("ENGINE", "ours"))
            .executionArn();
    lab.clock.run();
    List<String> way = new ArrayList<>();
    for (HistoryEvent event : machines.getExecutionHistory(arn)) {
      step(way, event.toJson());
    }
    ExecutionDescription ended = machines.describeExecution(arn);
    way.add(
        ended.status()
            + " "
            + ended.output().map(JsonNode::toString).orElse(ended.error().orElse("")));
    return outermost(definition, way);
  }

  private static List<String> theirs(String name, String definition, String input) {
    ObjectNode create =
        JSON.createObjectNode()
            .put("name", name)
            .put("definition", definition)
            .put("roleArn", "arn:aws:iam::000000000000:role/r");
    String machine =
        emulator()
            .call("AWSStepFunctions.CreateStateMachine", create)
            .body()
            .get("stateMachineArn")
            .asText();
    ObjectNode start =
        JSON.createObjectNode()
            .put("stateMachineArn", machine)
            .put("input", input.replace("ENGINE", "theirs"));
    String arn =
        emulator()
            .call("AWSStepFunctions.StartExecution", start)
            .body()
            .get("executionArn")
            .asText();
    ObjectNode which = JSON.createObjectNode().put("executionArn", arn);
    JsonNode ended = emulator().call("AWSStepFunctions.DescribeExecution", which).body();
    for (int i = 0; i < 200 && ended.get("status").asText().equals("RUNNING"); i++) {
      pause();
      ended = emulator().call("AWSStepFunctions.DescribeExecution", which).body();
    }
    List<String> way = new ArrayList<>();
    JsonNode history = emulator().call("AWSStepFunctions.GetExecutionHistory", which).body();
    history.get("events").forEach(event -> step(way, event));
    String status = ended.get("status").asText();
    way.add(
        status
            + " "
            + (status.equals("SUCCEEDED")
                ? json(ended.get("output").asText()).toString()
                : ended.get("error").asText()));
    return outermost(definition, way);
  }

  /** What a state was entered with or left with. */
  private static void step(List<String> way, JsonNode event) {
    String type = event.get("type").asText();
    if (type.endsWith("StateEntered")) {
      JsonNode details = event.get("stateEnteredEventDetails");
      way.add("> " + details.get("name").asText() + " " + json(details.get("input").asText()));
    } else if (type.endsWith("StateExited")) {
      JsonNode details = event.get("stateExitedEventDetails");
      way.add("< " + details.get("name").asText() + " " + json(details.get("output").asText()));
    }
  }

  /** ministack records no states inside Map and Parallel. */
  private static List<String> outermost(String definition, List<String> way) {
    JsonNode states = json(definition).get("States");
    return way.stream()
        .filter(step ->
            !(step.startsWith("> ") || step.startsWith("< ")) || states.has(step.substring(2, 3)))
        .map(step -> step.replace("ours", "ENGINE").replace("theirs", "ENGINE"))
        .toList();
  }

  private static Ministack emulator() {
    return Objects.requireNonNull(ministack);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tasks of aws-sdk:dynamodb, on ministack's tables. */
  private static final class Dynamo implements Tasks {
    @Override
    public void call(Call call, Consumer<Reply> reply) {
      String action = call.resource().action();
      String operation = Character.toUpperCase(action.charAt(0)) + action.substring(1);
      Ministack.Answer answer = emulator().call("DynamoDB_20120810." + operation, call.arguments());
      JsonNode body = answer.body();
      reply.accept(
          answer.status() == 200
              ? new Reply.Done(body)
              : new Reply.Failed(
                  "DynamoDb." + body.path("__type").asText().replaceFirst(".*#", ""),
                  body.path("message").asText()));
    }
  }
}
