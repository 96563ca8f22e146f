package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.DynamoDb;
import dev.weir.states.ExecutionDescription;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The remediation half in the hands of people, under {@code /_local/remediation/}. */
final class RemediationControl {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_EXECUTIONS = 500;
  private static final List<String> MODES = List.of("off", "dry-run", "approve", "auto");
  private static final Pattern ACTION = Pattern.compile("-act-([a-z-]+)$");

  private static final Pattern PART = Pattern.compile("role/[^ ]+|repository/[^ ]+");
  private static final double MOST_DEVIATIONS = 100;

  private final Automation automation;
  private final Remediation remediation;
  private final DynamoDb database;
  private final Optional<String> table;
  private final Optional<NotebookHeartbeats> heartbeats;
  private final Optional<DemoDrift> drift;

  /**
   * @param table the one with the locks
   * @param drift empty without a bucket to capture to
   */
  RemediationControl(
      Automation automation,
      Remediation remediation,
      DynamoDb database,
      Optional<String> table,
      Optional<DemoDrift> drift) {
    this.drift = drift;
    this.automation = automation;
    heartbeats = table.flatMap(it -> automation.beatInto(database, it));
    this.remediation = remediation;
    this.database = database;
    this.table = table;
  }

  /**
   * What this request asks for; empty if there is no such control.
   *
   * @param path empty for all, {@code executions/{machine}/{name}} for one execution's history,
   *     {@code modes/{action}} to set its mode, {@code notebooks/{name}} to use one, {@code
   *     drift/{endpoint}} to shift what it is asked, {@code parts} to remove a model's image or
   *     role
   * @throws dev.weir.states.StatesException there is no such execution
   * @throws IllegalArgumentException there is no table, or no such mode
   */
  Optional<ObjectNode> answer(String method, String path, JsonNode body) {
    var words = path.split("/", -1);
    return switch (method + " " + words[0] + " " + words.length) {
      case "GET  1" -> Optional.of(all());
      case "GET executions 3" -> execution(words[1], words[2]);
      case "POST modes 2" -> Optional.of(mode(words[1], body.path("mode").asText()));
      case "POST notebooks 2" -> heartbeats.map(it -> use(it, words[1], body));
      case "POST parts 1" -> Optional.of(remove(body.path("remove").asText()));
      case "POST drift 2" -> drift.map(it -> shift(it, words[1], body));
      default -> Optional.empty();
    };
  }

  private static ObjectNode shift(DemoDrift drift, String endpoint, JsonNode body) {
    var deviations = body.path("shift").asDouble(MOST_DEVIATIONS + 1);
    if (Math.abs(deviations) > MOST_DEVIATIONS) {
      throw new IllegalArgumentException("shift is a number up to " + MOST_DEVIATIONS);
    }
    drift.shift(endpoint, deviations);
    return JSON.objectNode().put("endpoint", endpoint).put("shift", deviations);
  }

  private ObjectNode remove(String part) {
    if (!PART.matcher(part).matches()) {
      throw new IllegalArgumentException("remove is role/NAME or repository/NAME:TAG");
    }
    remediation.account().parts().remove(part);
    return JSON.objectNode().put("removed", part);
  }

  private static ObjectNode use(NotebookHeartbeats heartbeats, String notebook, JsonNode body) {
    var kernels = body.path("busyKernels").asInt(-1);
    if (kernels < 0) {
      throw new IllegalArgumentException("busyKernels is a whole number from 0");
    }
    heartbeats.use(notebook, kernels);
    return JSON.objectNode().put("notebook", notebook).put("busyKernels", kernels);
  }

  /** Sets the mode of all and of every action. */
  void setModes(String mode) {
    actions().forEach(action -> mode(action, mode));
  }

  private List<String> actions() {
    return Stream.concat(
            Stream.of("GLOBAL"),
            remediation.states().arns().stream()
                .map(ACTION::matcher)
                .filter(Matcher::find)
                .map(action -> action.group(1)))
        .toList();
  }

  private ObjectNode mode(String action, String mode) {
    if (!MODES.contains(mode)) {
      throw new IllegalArgumentException("a mode is one of " + MODES);
    }
    if (!actions().contains(action)) {
      throw new IllegalArgumentException("an action is one of " + actions());
    }
    var request =
        JSON.objectNode()
            .put("TableName", table.orElseThrow(() -> new IllegalArgumentException("no table")))
            .put("UpdateExpression", "SET #mode = :mode");
    request.putObject("Key").set("pk", text("CONFIG"));
    request.withObject("/Key").set("sk", text(action));
    request.putObject("ExpressionAttributeNames").put("#mode", "mode");
    request.putObject("ExpressionAttributeValues").set(":mode", text(mode));
    if (database.call("UpdateItem", request) instanceof DynamoDb.Answer.Refused(_, var message)) {
      throw new IllegalArgumentException(message);
    }
    return JSON.objectNode().put("action", action).put("mode", mode);
  }

  private static JsonNode text(String value) {
    return JSON.objectNode().put("S", value);
  }

  private ObjectNode all() {
    var view = JSON.objectNode();
    var machines = remediation.account().machines();
    var executions =
        remediation.states().arns().stream()
            .flatMap(arn -> machines.listExecutions(arn, Optional.empty()).stream())
            .sorted(Comparator.comparing(ExecutionDescription::startDate).reversed())
            .toList();
    view.put("executionsInAll", executions.size());
    view.set(
        "executions",
        array(
            executions.stream().limit(MOST_EXECUTIONS).map(RemediationControl::summary).toList()));
    view.set("locks", locks());
    var outbox = remediation.account().outbox();
    view.set(
        "messages",
        array(
            outbox.messages().stream()
                .map(it ->
                    JSON.objectNode()
                        .put("at", it.at().toString())
                        .put("topic", it.topic())
                        .put("subject", it.subject())
                        .put("text", it.text()))
                .toList()));
    view.set(
        "opsItems",
        array(
            outbox.opsItems().stream()
                .map(it ->
                    JSON.objectNode()
                        .put("at", it.at().toString())
                        .put("title", it.title())
                        .put("severity", it.severity())
                        .<ObjectNode>set("request", it.request()))
                .toList()));
    view.set(
        "deadLetters",
        array(
            automation.letters().stream()
                .map(it ->
                    JSON.objectNode()
                        .put("queue", it.queue())
                        .<ObjectNode>set("attributes", JSON.pojoNode(it.letter().attributes()))
                        .<ObjectNode>set("event", it.letter().event()))
                .toList()));
    return view;
  }

  private static ObjectNode summary(ExecutionDescription execution) {
    var view =
        JSON.objectNode()
            .put("machine", machine(execution))
            .put("name", execution.name())
            .put("status", execution.status().name())
            .put("started", execution.startDate().toString());
    execution.stopDate().map(Instant::toString).ifPresent(at -> view.put("ended", at));
    execution.output().ifPresent(output -> view.set("output", output));
    execution.error().ifPresent(error -> view.put("error", error));
    execution.cause().ifPresent(cause -> view.put("cause", cause));
    return view;
  }

  private static String machine(ExecutionDescription execution) {
    var arn = execution.stateMachineArn();
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  private Optional<ObjectNode> execution(String machine, String name) {
    return remediation.states().arns().stream()
        .filter(arn -> arn.endsWith(":" + machine))
        .findFirst()
        .map(arn -> {
          var machines = remediation.account().machines();
          var execution = arn.replace(":stateMachine:", ":execution:") + ":" + name;
          var view = summary(machines.describeExecution(execution));
          view.set(
              "history",
              array(
                  machines.getExecutionHistory(execution).stream()
                      .map(it -> it.toJson())
                      .toList()));
          return view;
        });
  }

  private ArrayNode locks() {
    var locks = JSON.arrayNode();
    if (table.isPresent()) {
      var request =
          JSON.objectNode()
              .put("TableName", table.get())
              .put("ConsistentRead", true)
              .put("KeyConditionExpression", "pk = :lock");
      request.putObject("ExpressionAttributeValues").set(":lock", text("LOCK"));
      if (database.call("Query", request) instanceof DynamoDb.Answer.Done(var found)) {
        found.path("Items").forEach(item -> locks.add(plain(item)));
      }
    }
    return locks;
  }

  /** An item without DynamoDB's types. */
  private static ObjectNode plain(JsonNode item) {
    var plain = JSON.objectNode();
    item.properties().forEach(it -> plain.set(it.getKey(), value(it.getValue())));
    return plain;
  }

  private static JsonNode value(JsonNode typed) {
    var member = typed.properties().iterator().next();
    var value = member.getValue();
    return switch (member.getKey()) {
      case "N" -> JSON.numberNode(new BigDecimal(value.asText()));
      case "M" -> plain(value);
      case "L" -> array(value.valueStream().map(RemediationControl::value).toList());
      default -> value;
    };
  }

  private static ArrayNode array(List<? extends JsonNode> items) {
    return JSON.arrayNode().addAll(items);
  }
}
