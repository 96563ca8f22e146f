package dev.weir.statemachines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.Account;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.account.Functions;
import dev.weir.local.events.EventBus;
import dev.weir.local.events.Rule;
import dev.weir.local.events.Target.Receipt;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.template.Template;
import dev.weir.local.time.VirtualScheduler;
import dev.weir.states.Coverage;
import dev.weir.states.ExecutionDescription;
import dev.weir.store.DynamoWire;
import dev.weir.store.InMemoryDynamo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The machines in an account of their own, on a virtual clock. */
final class Rig {
  static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  static final ObjectMapper JSON = new ObjectMapper();
  static final String PREFIX = "chat";
  private static final List<Rule> RULES = rules(PREFIX);
  private static final String REGION = "us-east-1";
  private static final String ACCOUNT = "123456789012";
  private static final String MACHINE =
      "arn:aws:states:us-east-1:123456789012:stateMachine:" + Machines.STACK + "-";

  final VirtualScheduler time;
  final InMemoryDynamo dynamo;
  final Account account;
  final World world;
  final Cable cable;
  private final EventBus bus;
  final List<JsonNode> events = new ArrayList<>();
  final List<String> executions = new ArrayList<>();

  /** Milliseconds that an endpoint takes to answer with a configuration; with others, 50. */
  final Map<String, Integer> answersIn = new HashMap<>();

  /** Functions beside approval and probe, by name. */
  final Map<String, UnaryOperator<JsonNode>> functions =
      new HashMap<>(Map.of("idle", IdleFunction::judge));

  /** Listens to every event before the rules do. */
  Consumer<JsonNode> heard = _ -> {};

  /** What lies between who tells of something and the rules. */
  Consumer<JsonNode> mail = this::publish;

  /** What the person asked for approval does. */
  Consumer<JsonNode> approver = _ -> {};

  Rig(long seed) {
    this(seed, (_, _) -> {});
  }

  Rig(long seed, Coverage coverage) {
    this(seed, coverage, Machines.all());
  }

  Rig(long seed, Coverage coverage, List<Machines.Machine> machines) {
    this(seed, coverage, machines, RULES);
  }

  private Rig(long seed, Coverage coverage, List<Machines.Machine> machines, List<Rule> rules) {
    time = new VirtualScheduler(START, seed);
    dynamo = new InMemoryDynamo(time);
    cable = new Cable(time, seed);
    DynamoWire wire = new DynamoWire(dynamo);
    account =
        new Account(
            new Account.Settings(new World.Settings(seed), coverage, cable::between),
            time,
            (operation, request) -> answer(wire, operation, request),
            this::invoke,
            this::route);
    world = account.world();
    bus = new EventBus(REGION, ACCOUNT, time, () -> "event", this::deliver, (_, _) -> {});
    rules.forEach(bus::add);
    for (Machines.Machine machine : machines) {
      String role = "arn:aws:iam::123456789012:role/" + machine.name();
      account
          .machines()
          .createStateMachine(machine.name(), machine.text(), machine.definition(), role);
    }
    mode("GLOBAL", "auto");
  }

  /** With the machines and rules of a stack whose endpoints' names begin so. */
  static Rig forEndpoints(String prefix) {
    return new Rig(1, (_, _) -> {}, Machines.forEndpoints(prefix), rules(prefix));
  }

  /** The template's, as far as events meet them: what is scheduled is started by the tests. */
  private static List<Rule> rules(String prefix) {
    try {
      var stack = new Template.Deployed(Machines.STACK, REGION, ACCOUNT);
      return Template.read(
              Path.of("../template.yaml"), stack, Map.of("SageMakerEndpointPrefix", prefix))
          .rules()
          .stream()
          .filter(Rule::listens)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DynamoDb.Answer answer(DynamoWire wire, String operation, JsonNode request) {
    try {
      DynamoWire.Answer answer =
          wire.answer(operation, request.toString().getBytes(StandardCharsets.UTF_8));
      JsonNode body = JSON.readTree(answer.body());
      if (answer.status() == 200) {
        return new DynamoDb.Answer.Done(body);
      }
      return new DynamoDb.Answer.Refused(
          body.path("__type").asText().replaceFirst(".*#", ""),
          body.path("message").asText(body.path("Message").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void invoke(String function, JsonNode payload, Consumer<Functions.Outcome> answer) {
    if (functions.containsKey(function)) {
      answer.accept(new Functions.Outcome.Returned(functions.get(function).apply(payload)));
    } else if (function.equals("approval")) {
      answer.accept(new Functions.Outcome.Returned(JSON.createObjectNode()));
      approver.accept(payload);
    } else {
      answer.accept(new Functions.Outcome.Returned(probe(payload)));
    }
  }

  /** One request, or as many as a warm-up takes. */
  private ObjectNode probe(JsonNode payload) {
    String endpoint = payload.path("endpoint").asText();
    boolean warmUp = payload.path("mode").asText().equals("warm-up");
    try {
      boolean good = true;
      for (int i = 0; i < (warmUp ? payload.path("k").asInt() : 1); i++) {
        good &= world.invoke(endpoint);
      }
      String config =
          call("DescribeEndpoint", "{'EndpointName':'%s'}".formatted(endpoint))
              .path("EndpointConfigName")
              .asText();
      int millis = answersIn.getOrDefault(config, 50);
      good &= millis <= payload.path("budgetMillis").asInt();
      good &= shared(endpoint) == payload.has("component");
      return JSON.createObjectNode().put("ok", good).put("p95Millis", millis);
    } catch (ApiError | IllegalStateException e) {
      return JSON.createObjectNode().put("ok", false).put("p95Millis", 0);
    }
  }

  /** Whether it serves by inference components, one of which each request has to name. */
  private boolean shared(String endpoint) {
    return call("ListInferenceComponents", "{'EndpointNameEquals':'%s'}".formatted(endpoint))
        .path("InferenceComponents")
        .elements()
        .hasNext();
  }

  private void route(JsonNode event) {
    events.add(event);
    heard.accept(event);
    mail.accept(event);
  }

  /** Lets the rules have an event. */
  void publish(JsonNode event) {
    bus.publish((ObjectNode) event.deepCopy());
  }

  private Receipt deliver(String arn, JsonNode payload) {
    if (arn.startsWith(MACHINE)) {
      start(arn.substring(MACHINE.length()), payload);
    }
    return new Receipt.Taken();
  }

  /** What a person puts on the bus. */
  void ask(String type, JsonNode detail) {
    send("weir.operator", type, detail);
  }

  /** Puts an event on the bus. */
  void send(String source, String type, JsonNode detail) {
    ObjectNode request = JSON.createObjectNode();
    request
        .putArray("Entries")
        .addObject()
        .put("Source", source)
        .put("DetailType", type)
        .put("Detail", detail.toString());
    bus.putEvents(request);
  }

  /** Starts the guard as a rule does. */
  String remedy(String action, String kind, String dimension, JsonNode event) {
    ObjectNode input =
        JSON.createObjectNode().put("action", action).put("kind", kind).put("dimension", dimension);
    input.set("event", event);
    return start("guard", input);
  }

  String start(String machine, JsonNode input) {
    String arn =
        account
            .machines()
            .startExecution(MACHINE + machine, Optional.empty(), input.toString())
            .executionArn();
    executions.add(arn);
    return arn;
  }

  /** Lets the reconciler run as its schedule does. */
  void reconcileEvery(Duration period) {
    time.after(
        period,
        () -> {
          start("reconcile", JSON.createObjectNode());
          reconcileEvery(period);
        });
  }

  void mode(String action, String mode) {
    put("CONFIG", action, Map.of("mode", Map.of("S", mode)));
  }

  void put(String pk, String sk, Map<String, ?> attributes) {
    Map<String, Object> item = new LinkedHashMap<>(attributes);
    item.put("pk", Map.of("S", pk));
    item.put("sk", Map.of("S", sk));
    answer(
        new DynamoWire(dynamo),
        "PutItem",
        JSON.valueToTree(Map.of("TableName", Machines.TABLE, "Item", item)));
  }

  /** What {@code kind/name} is locked for belongs to somebody else from then on. */
  void leaseGoesToAnother(Duration when, String target) {
    time.after(
        when,
        () ->
            put(
                "LOCK",
                target,
                Map.of("owner", Map.of("S", "another"), "fence", Map.of("N", "99"))));
  }

  /** The items of one partition, in order. */
  List<JsonNode> items(String pk) {
    List<JsonNode> found = new ArrayList<>();
    for (List<String> key : dynamo.keys(Machines.TABLE)) {
      if (key.get(1).equals(pk)) {
        ObjectNode get = JSON.createObjectNode().put("TableName", Machines.TABLE);
        get.putObject("Key").putObject("pk").put("S", pk);
        get.withObject("/Key/sk").put("S", key.get(2));
        if (answer(new DynamoWire(dynamo), "GetItem", get)
            instanceof DynamoDb.Answer.Done(var result)) {
          found.add(result.path("Item"));
        }
      }
    }
    found.sort((a, b) -> a.at("/sk/S").asText().compareTo(b.at("/sk/S").asText()));
    return found;
  }

  /** A person's switch. */
  void turnedOff(String name, String by, String why) {
    ObjectNode put = json("{'TableName':'tenants','Item':{'pk':{'S':'S#switches'}}}");
    put.withObject("/Item")
        .putObject(name)
        .putObject("M")
        .<ObjectNode>set("by", JSON.createObjectNode().put("S", by))
        .set("why", JSON.createObjectNode().put("S", why));
    answer(new DynamoWire(dynamo), "PutItem", put);
  }

  /** One item of any table; empty if there is none. */
  JsonNode item(String table, JsonNode key) {
    ObjectNode get = JSON.createObjectNode().put("TableName", table);
    get.set("Key", key);
    return answer(new DynamoWire(dynamo), "GetItem", get) instanceof DynamoDb.Answer.Done(var found)
        ? found.path("Item")
        : JSON.createObjectNode();
  }

  /** Audit rows of every incident, as {@code OUTCOME(REASON)}. */
  List<String> outcomes() {
    return rows().stream()
        .map(row -> row.at("/outcome/S").asText() + "(" + row.at("/reason/S").asText() + ")")
        .toList();
  }

  /** Every audit row, by day and incident. */
  List<JsonNode> rows() {
    return dynamo.keys(Machines.TABLE).stream()
        .map(key -> key.get(1))
        .filter(pk -> pk.startsWith("INCIDENT#"))
        .distinct()
        .sorted()
        .flatMap(pk -> items(pk).stream())
        .toList();
  }

  /** Every execution of a machine, oldest first. */
  List<ExecutionDescription> all(String machine) {
    return account.machines().listExecutions(MACHINE + machine, Optional.empty()).reversed();
  }

  /** Every execution of every action's machine. */
  List<ExecutionDescription> actions() {
    return Machines.all().stream()
        .map(machine -> machine.name().substring(Machines.STACK.length() + 1))
        .filter(name -> name.startsWith("act-"))
        .flatMap(name -> all(name).stream())
        .toList();
  }

  void model(String name) {
    call(
        "CreateModel",
        "{'ModelName':'%s','ExecutionRoleArn':'arn:aws:iam::123456789012:role/sagemaker','PrimaryContainer':{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:1'}}"
            .formatted(name));
  }

  /** A configuration of one model for all its variants, each of two instances. */
  void config(String name, String... variants) {
    model(name + "-model");
    String each =
        "{'VariantName':'%s','ModelName':'%s-model','InstanceType':'ml.m5.large','InitialInstanceCount':2}";
    call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'%s','ProductionVariants':[%s]}"
            .formatted(
                name,
                Stream.of(variants)
                    .map(variant -> each.formatted(variant, name))
                    .collect(Collectors.joining(","))));
  }

  /** The configurations of an endpoint that are recorded as good, newest first. */
  List<String> good(String endpoint) {
    return items("GOOD").stream()
        .filter(item -> item.at("/sk/S").asText().equals("endpoint/" + endpoint))
        .flatMap(item -> item.at("/configs/L").findValuesAsText("S").stream())
        .toList();
  }

  /** An endpoint in service, its configuration and its model. */
  void endpoint(String name, int instances) {
    model(name + "-model");
    call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'%s-config','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'%s-model','InstanceType':'ml.m5.large','InitialInstanceCount':%d}]}"
            .formatted(name, name, instances));
    time.advance(Duration.ofMinutes(1));
    call(
        "CreateEndpoint",
        "{'EndpointName':'%s','EndpointConfigName':'%s-config'}".formatted(name, name));
    time.advance(Duration.ofMinutes(19));
  }

  /** An alarm on an endpoint's 5xx errors that restarts it. */
  void errorsAlarm(String endpoint) {
    errorsAlarm("weir-rem-restart-endpoint-errors-" + endpoint, endpoint);
  }

  /** An alarm on an endpoint's 5xx errors. */
  void errorsAlarm(String alarm, String endpoint) {
    call(
        Service.CLOUDWATCH,
        "PutMetricAlarm",
        "{'AlarmName':'%s','Namespace':'AWS/SageMaker','MetricName':'Invocation5XXErrors','Dimensions':[{'Name':'EndpointName','Value':'%s'},{'Name':'VariantName','Value':'AllTraffic'}],'Statistic':'Sum','Period':60,'EvaluationPeriods':2,'DatapointsToAlarm':2,'Threshold':5,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'notBreaching'}"
            .formatted(alarm, endpoint));
  }

  JsonNode call(String operation, String request) {
    return call(Service.SAGEMAKER, operation, request);
  }

  JsonNode call(Service service, String operation, String request) {
    return switch (world.call("test", service, operation, json(request))) {
      case dev.weir.local.sagemaker.Reply.Done(var result) -> result;
      case dev.weir.local.sagemaker.Reply.Refused(var error) -> throw error;
      case dev.weir.local.sagemaker.Reply.Lost() -> throw new IllegalStateException("lost");
    };
  }

  /** What was asked for and done, but for the test's own calls, in order. */
  List<JsonNode> done(String operation) {
    return world.ledger().stream()
        .filter(call -> call.operation().equals(operation) && !call.caller().equals("test"))
        .filter(call -> call.isDone())
        .map(call -> (JsonNode) call.request())
        .toList();
  }

  /** Somebody else's training job of that name. */
  void trainsElsewhere(String name) {
    call(
        "CreateTrainingJob",
        "{'TrainingJobName':'%s','RoleArn':'arn:aws:iam::123456789012:role/other','AlgorithmSpecification':{'TrainingImage':'m:9','TrainingInputMode':'File'},'OutputDataConfig':{'S3OutputPath':'s3://other'},'ResourceConfig':{'InstanceType':'ml.m5.large','InstanceCount':1,'VolumeSizeInGB':1},'StoppingCondition':{'MaxRuntimeInSeconds':3600}}"
            .formatted(name));
  }

  /** Stops all jobs of a kind, such as {@code Training}. */
  void stopJobs(String kind) {
    call("List" + kind + "Jobs", "{'MaxResults':100}")
        .findValuesAsText(kind + "JobName")
        .forEach(job -> call("Stop" + kind + "Job", "{'%sJobName':'%s'}".formatted(kind, job)));
  }

  /** Sets an endpoint as it is wanted. */
  void put(String endpoint, String members) {
    world.put(Kind.ENDPOINT, endpoint, json(members));
  }

  ExecutionDescription describe(String arn) {
    return account.machines().describeExecution(arn);
  }

  /** An alarm's event as CloudWatch sends it. */
  JsonNode alarmEvent(String endpoint) {
    return json(
        "{'version':'0','id':'e','detail-type':'CloudWatch Alarm State Change','source':'aws.cloudwatch','account':'123456789012','time':'%s','region':'us-east-1','resources':['arn:aws:cloudwatch:us-east-1:123456789012:alarm:weir-rem-restart-endpoint-errors-%s'],'detail':{'alarmName':'weir-rem-restart-endpoint-errors-%s','state':{'value':'ALARM','reason':'r','timestamp':'2026-03-02T08:20:00.000+0000'},'configuration':{'metrics':[{'id':'m','metricStat':{'metric':{'namespace':'AWS/SageMaker','name':'Invocation5XXErrors','dimensions':{'EndpointName':'%s','VariantName':'AllTraffic'}},'period':60,'stat':'Sum'},'returnData':true}]}}}"
            .formatted(time.instant(), endpoint, endpoint, endpoint));
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** States of an execution in the order in which they were entered. */
  List<String> way(String arn) {
    List<String> way = new ArrayList<>();
    account
        .machines()
        .getExecutionHistory(arn)
        .forEach(event -> {
          JsonNode entered = event.toJson().path("stateEnteredEventDetails").path("name");
          if (entered.isTextual()) {
            way.add(entered.asText());
          }
        });
    return way;
  }
}
