package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import dev.weir.states.StateMachines;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Step Functions' API over the runner, as far as operators and functions use it. */
final class StatesApi {
  private static final int PAGE = 100;

  private final StateMachines machines;
  private final Instant created;
  private final Map<String, String> names = new LinkedHashMap<>();

  /**
   * @param created when the machines were
   */
  StatesApi(StateMachines machines, Instant created) {
    this.machines = machines;
    this.created = created;
  }

  /** Creates a machine, which is then listed. */
  void create(String name, String definition, String roleArn) {
    names.put(machines.createStateMachine(name, definition, roleArn), name);
  }

  /** The ARNs of the machines, in the template's order. */
  List<String> arns() {
    return List.copyOf(names.keySet());
  }

  /**
   * Takes a call.
   *
   * @throws dev.weir.states.StatesException it is refused
   * @throws UnsupportedOperationException there is no such operation here
   */
  ObjectNode call(String operation, JsonNode request) {
    return switch (operation) {
      case "StartExecution" -> start(request);
      case "DescribeExecution" ->
          described(machines.describeExecution(text(request, "executionArn")), true);
      case "GetExecutionHistory" -> history(request);
      case "ListExecutions" -> executions(request);
      case "ListStateMachines" -> page(request, "stateMachines", arns(), this::machine);
      case "StopExecution" -> stop(request);
      case "SendTaskSuccess" -> {
        machines.sendTaskSuccess(text(request, "taskToken"), text(request, "output"));
        yield object();
      }
      case "SendTaskFailure" -> {
        machines.sendTaskFailure(
            text(request, "taskToken"), optional(request, "error"), optional(request, "cause"));
        yield object();
      }
      case "SendTaskHeartbeat" -> {
        machines.sendTaskHeartbeat(text(request, "taskToken"));
        yield object();
      }
      default -> throw new UnsupportedOperationException(operation);
    };
  }

  private ObjectNode start(JsonNode request) {
    var execution =
        machines.startExecution(
            text(request, "stateMachineArn"),
            optional(request, "name"),
            optional(request, "input").orElse("{}"));
    return object()
        .put("executionArn", execution.executionArn())
        .put("startDate", seconds(execution.startDate()));
  }

  private ObjectNode stop(JsonNode request) {
    var stopped =
        machines.stopExecution(
            text(request, "executionArn"), optional(request, "error"), optional(request, "cause"));
    return object().put("stopDate", seconds(stopped));
  }

  private ObjectNode history(JsonNode request) {
    var events = machines.getExecutionHistory(text(request, "executionArn"));
    return page(
        request,
        "events",
        request.path("reverseOrder").asBoolean() ? events.reversed() : events,
        event -> event.toJson());
  }

  private ObjectNode executions(JsonNode request) {
    var found =
        machines.listExecutions(
            text(request, "stateMachineArn"),
            optional(request, "statusFilter").map(ExecutionStatus::valueOf));
    return page(request, "executions", found, it -> described(it, false));
  }

  private ObjectNode machine(String arn) {
    return object()
        .put("stateMachineArn", arn)
        .put("name", names.get(arn))
        .put("type", "STANDARD")
        .put("creationDate", seconds(created));
  }

  private static ObjectNode described(ExecutionDescription execution, boolean payloads) {
    var reply =
        object()
            .put("executionArn", execution.executionArn())
            .put("stateMachineArn", execution.stateMachineArn())
            .put("name", execution.name())
            .put("status", execution.status().name())
            .put("startDate", seconds(execution.startDate()));
    execution.stopDate().ifPresent(at -> reply.put("stopDate", seconds(at)));
    if (payloads) {
      reply.put("input", execution.input().toString());
      execution.output().ifPresent(output -> reply.put("output", output.toString()));
      execution.error().ifPresent(error -> reply.put("error", error));
      execution.cause().ifPresent(cause -> reply.put("cause", cause));
    }
    return reply;
  }

  private static <T> ObjectNode page(
      JsonNode request, String name, List<T> all, Function<T, ObjectNode> shape) {
    int asked = request.path("maxResults").asInt(PAGE);
    int from = Math.min(request.path("nextToken").asInt(), all.size());
    int to = Math.min(from + (asked == 0 ? PAGE : asked), all.size());
    var reply = object();
    var items = new ArrayList<JsonNode>();
    all.subList(from, to).forEach(item -> items.add(shape.apply(item)));
    reply.putArray(name).addAll(items);
    return to < all.size() ? reply.put("nextToken", Integer.toString(to)) : reply;
  }

  private static String text(JsonNode request, String member) {
    return request.path(member).asText();
  }

  private static Optional<String> optional(JsonNode request, String member) {
    return Optional.ofNullable(request.get(member)).map(JsonNode::asText);
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
