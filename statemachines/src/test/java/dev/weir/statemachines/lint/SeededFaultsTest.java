package dev.weir.statemachines.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One fault after the other in a machine that has none. */
class SeededFaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SDK = "arn:aws:states:::aws-sdk:";
  private static final String CAUGHT = "Update/Catch/0/ErrorEquals/0";

  /**
   * @param rule the one that finds it
   */
  record Fault(String name, String rule, UnaryOperator<String> seed) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Twenty, of which asl-validator 4.0.0 catches seven. */
  private static Stream<Fault> twenty() {
    return Stream.of(
        set(
            "undefined variable",
            "AssignedVariables",
            "Update/Arguments/EndpointName",
            "{% $nmae %}"),
        set(
            "unknown function",
            "KnownFunctions",
            "Polled/Choices/1/Condition",
            "{% $isBlank($status) %}"),
        set("$eval", "Readable", "Begin/Assign/status", "{% $eval('1') %}"),
        set("unknown action", "KnownActions", "Update/Resource", SDK + "sagemaker:restartEndpoint"),
        set("unknown argument", "KnownArguments", "Update/Arguments/RetainVariants", true),
        gone("missing argument", "RequiredArguments", "Update/Arguments/EndpointConfigName"),
        set("impossible error", "PossibleErrors", CAUGHT, "SageMaker.ValidationException"),
        set("States.ALL not last", "Readable", CAUGHT, "States.ALL"),
        set("unbounded loop", "BoundedLoops", "Poll/Assign/polls", "{% $polls %}"),
        gone("task token without timeout", "TaskTimeouts", "Ask/TimeoutSeconds"),
        set("token not passed", "PassedTaskTokens", "Ask/Arguments/Payload/token", "{% $name %}"),
        gone("mutating task without Catch", "CaughtMutations", "Update/Catch"),
        text("no machine timeout", "MachineTimeout", "\"TimeoutSeconds\": 3600,", ""),
        set(
            ".sync on updateEndpoint",
            "Readable",
            "Update/Resource",
            SDK + "sagemaker:updateEndpoint.sync"),
        set("dangling Next", "Readable", "Pause/Next", "Nowhere"),
        set("unreachable state", "Readable", "Pause/Next", "Beat"),
        gone("neither Next nor End", "Readable", "Pause/Next"),
        text(
            "field twice",
            "Readable",
            "\"StartAt\": \"Begin\",",
            "\"StartAt\": \"Begin\", \"StartAt\": \"Begin\","),
        set("invalid JSONata", "Readable", "Poll/Assign/status", "{% $states.result. %}"),
        set("field of another type", "Readable", "Pause/Resource", "arn:aws:states:::sns:publish"));
  }

  private static Stream<Fault> others() {
    return Stream.of(
        gone("variable not yet assigned", "AssignedVariables", "Begin/Assign/status"),
        set("variable of a Map read outside", "AssignedVariables", "Pause/Seconds", "{% $found %}"),
        set(
            "variable named as an argument",
            "AssignedVariables",
            "Configs/Items",
            "{% $map([1], $each1) %}"),
        set("too many arguments", "ArgumentCounts", "Pause/Seconds", "{% $floor(1, 2) %}"),
        set("too few arguments", "ArgumentCounts", "Pause/Seconds", "{% $number($hash('a')) %}"),
        set("too many piped", "ArgumentCounts", "Pause/Seconds", "{% 1 ~> $floor(2) %}"),
        set(
            "unknown service",
            "KnownActions",
            "Update/Resource",
            SDK + "sagemakerx:updateEndpoint"),
        set(
            "unknown argument in an expression",
            "KnownArguments",
            "Poll/Arguments",
            "{% {'EndpointName': $name, 'Name': $name} %}"),
        set(
            "unknown argument in a list",
            "KnownArguments",
            "Lock/Arguments/Key/pk",
            "{% {'Text': $name} %}"),
        set(
            "unknown argument of each",
            "KnownArguments",
            "Update/Arguments/DeploymentConfig/AutoRollbackConfiguration/Alarms",
            "{% $states.input.alarms.{'Name': $} %}"),
        text("unknown argument on one branch", "KnownArguments", "'ConditionCheck'", "'Check'"),
        set(
            "argument spelled as the API has it",
            "KnownArguments",
            "Release/Arguments/ExpressionAttributeValues/:on/BOOL",
            true),
        text(
            "missing argument on one branch",
            "RequiredArguments",
            ", 'ConditionExpression': 'enabled = :on'",
            ""),
        gone(
            "missing argument within",
            "RequiredArguments",
            "Update/Arguments/DeploymentConfig/RollingUpdatePolicy/MaximumBatchSize"),
        set(
            "argument that may be missing",
            "RequiredArguments",
            "Poll/Arguments",
            "{% {'EndpointName': $held ? $name} %}"),
        gone("no arguments", "RequiredArguments", "Poll/Arguments"),
        set(
            "action nobody has looked up",
            "RequiredArguments",
            "Poll/Resource",
            SDK + "dynamodb:describeTable"),
        set(
            "error of another service",
            "PossibleErrors",
            CAUGHT,
            "DynamoDb.ConditionalCheckFailedException"),
        set(
            "SDK's error of an optimised call",
            "PossibleErrors",
            "Lock/Catch/0/ErrorEquals/0",
            "DynamoDb.ConditionalCheckFailedException"),
        set(
            "error of a service, asked for a token",
            "PossibleErrors",
            "Ask/Catch/0/ErrorEquals/0",
            "Lambda.Denied"),
        set(
            "error that nothing in a Map has",
            "PossibleErrors",
            "Configs/Catch/0/ErrorEquals/0",
            "Lambda.Unknown"),
        gone("task without timeout", "TaskTimeouts", "Poll/TimeoutSeconds"),
        gone("retry without jitter", "JitteredRetries", "Update/Retry/0/JitterStrategy"),
        set("mutation before the first Beat", "BeatBeforeMutation", "Configs/Next", "Step"),
        set("mutation after a wait", "BeatBeforeMutation", "Polled/Default", "Step"),
        set("second mutation after a Beat", "BeatBeforeMutation", "Update/Next", "Step"),
        set("mutation after a lost Beat", "BeatBeforeMutation", "Beat/Catch/0/Next", "Step"),
        set("counter that is reset", "BoundedLoops", "Pause/Assign/polls", 0),
        set("counter that leads back", "BoundedLoops", "Step/Choices/0/Next", "Beat"),
        set(
            "blanks in a literal",
            "TrimmedLiterals",
            "Step/Choices/2/Condition",
            "{% $status in [' InService'] %}"),
        set("end with the lease held", "ReleasedLease", "Beat/Catch/0/Next", "End"),
        gone("read that fails with the lease held", "ReleasedLease", "Poll/Catch"),
        set("lease not noticed", "ReleasedLease", "Leave/Choices/0/Condition", "{% $asked %}"),
        gone("choice without default with the lease held", "ReleasedLease", "Polled/Default"));
  }

  static Stream<Fault> faults() {
    return Stream.concat(twenty(), others());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void a_fault_is_found(Fault fault) {
    assertThat(Linter.lint(fault.seed().apply(good())))
        .extracting(Finding::rule)
        .contains(fault.rule());
  }

  @Test
  void a_good_machine_has_no_finding() {
    assertThat(Linter.lint(good())).isEmpty();
  }

  @Test
  void at_least_nineteen_of_the_twenty_are_caught() {
    long caught =
        twenty().filter(fault -> !Linter.lint(fault.seed().apply(good())).isEmpty()).count();
    System.out.printf("seeded faults: %d of %d caught%n", caught, twenty().count());

    assertThat(caught).isBetween(19L, 20L);
  }

  @Test
  void every_rule_has_a_fault() {
    assertThat(faults().map(Fault::rule)).containsAll(Linter.rules());
  }

  /**
   * @param path of a field, from a state's name on
   */
  private static Fault set(String name, String rule, String path, Object value) {
    return new Fault(
        name,
        rule,
        definition -> {
          ObjectNode machine = tree(definition);
          JsonPointer at = JsonPointer.compile("/States/" + path);
          JsonNode holder = machine.at(at.head());
          String field = at.last().getMatchingProperty();
          switch (holder) {
            case ObjectNode object -> object.set(field, JSON.valueToTree(value));
            case ArrayNode array -> array.set(Integer.parseInt(field), JSON.valueToTree(value));
            default -> machine.withObject(at.head()).set(field, JSON.valueToTree(value));
          }
          return machine.toString();
        });
  }

  private static Fault gone(String name, String rule, String path) {
    return new Fault(
        name,
        rule,
        definition -> {
          ObjectNode machine = tree(definition);
          JsonPointer at = JsonPointer.compile("/States/" + path);
          ObjectNode holder = (ObjectNode) machine.at(at.head());
          assertThat(holder.remove(at.last().getMatchingProperty())).isNotNull();
          return machine.toString();
        });
  }

  private static Fault text(String name, String rule, String from, String to) {
    return new Fault(
        name,
        rule,
        definition -> {
          assertThat(definition).contains(from);
          return definition.replace(from, to);
        });
  }

  private static ObjectNode tree(String definition) {
    try {
      return (ObjectNode) JSON.readTree(definition);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String good() {
    try (InputStream in = SeededFaultsTest.class.getResourceAsStream("good.asl.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
