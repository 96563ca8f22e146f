package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.http.HttpServer;
import dev.weir.local.template.Template;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules, alarms, a machine and its world, as their servers on loopback show them. */
final class AutomationTest {
  private static final Path TEMPLATE = Path.of("target/test-classes/automation.yaml");
  private static final String ARN = "arn:aws:states:us-east-1:000000000000:";
  private static final String MACHINE = ARN + "stateMachine:weir-local-act-heal";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<JsonNode> items = new ArrayList<>();
  private final List<String> updates = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Automation automation;
  private final HttpServer services;

  AutomationTest(@TempDir Path folder) throws IOException {
    automation =
        new Automation(
            Template.read(TEMPLATE, Map.of()),
            1,
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
            () -> UUID.randomUUID().toString(),
            Optional.of(this::table),
            () -> {
              throw new AssertionError("no function is called here");
            });
    services =
        new HttpServer(
            0,
            new ServicesStandIn(
                Map.of(),
                automation,
                InstantSource.system(),
                Files.createDirectories(folder).resolve("notices.log")));
    automation.begin(List.of("chat"), said::add);
  }

  @AfterEach
  void stop() throws IOException {
    services.close();
    automation.close();
  }

  private DynamoDb.Answer table(String operation, JsonNode request) {
    if (operation.equals("PutItem")) {
      items.add(request.path("Item"));
      return new DynamoDb.Answer.Done(JSON.createObjectNode());
    }
    if (operation.equals("UpdateItem")) {
      updates.add(
          request.at("/Key/pk/S").asText()
              + "/"
              + request.at("/Key/sk/S").asText()
              + " "
              + request.at("/ExpressionAttributeValues/:mode/S").asText());
    }
    var found = JSON.createObjectNode();
    found.putArray("Items").addAll(items);
    return new DynamoDb.Answer.Done(found);
  }

  private JsonNode world(String path, String body) throws Exception {
    var world = Objects.requireNonNull(automation.variables().get("AWS_ENDPOINT_URL_SAGEMAKER"));
    return send(URI.create(world + "/_local/sagemaker/" + path), "", body);
  }

  private JsonNode call(String target, String body) throws Exception {
    return send(URI.create("http://127.0.0.1:" + services.port()), target, body);
  }

  private JsonNode send(URI url, String target, String body) throws Exception {
    var request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString(body));
    if (!target.isEmpty()) {
      request.header("X-Amz-Target", target);
    }
    return JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
  }

  private RemediationControl control() {
    return new RemediationControl(
        automation,
        automation.remediation().orElseThrow(),
        this::table,
        Optional.of("weir-local-RemediationTable"),
        Optional.empty());
  }

  private JsonNode view(String path) {
    return control().answer("GET", path, JSON.createObjectNode()).orElseThrow();
  }

  private void breakEndpoint() throws Exception {
    var world = Objects.requireNonNull(automation.variables().get("AWS_ENDPOINT_URL_SAGEMAKER"));
    send(
        URI.create(world),
        "SageMaker.CreateEndpointConfig",
        """
        {"EndpointConfigName": "chat-2", "ProductionVariants": [{"VariantName": "AllTraffic",
          "ModelName": "chat-model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}]}\
        """);
    world("clock", "{\"seconds\": 60}");
    world("endpoints/chat", "{\"health\": \"failing\", \"load\": {\"invocationsPerMinute\": 60}}");
  }

  @Test
  void an_alarm_of_the_template_starts_the_machine_that_heals_its_endpoint() throws Exception {
    breakEndpoint();
    world("clock", "{\"seconds\": 3600}");

    var view = view("");
    assertThat(view.path("executions")).hasSize(1);
    var execution = view.at("/executions/0");
    assertThat(execution.path("machine").asText()).isEqualTo("weir-local-act-heal");
    assertThat(execution.path("output").toString()).isEqualTo("{\"outcome\":\"SUCCEEDED\"}");
    assertThat(view.at("/messages/0/topic").asText())
        .isEqualTo("arn:aws:sns:us-east-1:000000000000:weir-local-Topic");
    var name = execution.path("name").asText();
    assertThat(view.at("/locks").toString())
        .isEqualTo(
            ("[{'pk':'LOCK','sk':'endpoint/chat','fence':1,'open':true,'runs':['"
                    + name
                    + "'],'limits':{'attempts':3}}]")
                .replace('\'', '"'));
    var history = view("executions/weir-local-act-heal/" + name).path("history");
    assertThat(history.get(0).path("executionStartedEventDetails").path("input").asText())
        .startsWith("{\"action\":\"heal\",\"event\":{\"version\":\"0\"")
        .contains("\"alarmName\":\"weir-local-rem-heal-chat\"");
  }

  @Test
  void an_alarm_that_the_world_cannot_have_is_told() {
    assertThat(said)
        .containsExactly(
            "no alarm weir-local-OddAlarm: Only periods of whole minutes are known here.");
  }

  @Test
  void put_events_starts_a_machine_that_the_api_shows() throws Exception {
    breakEndpoint();
    var put =
        call(
            "AWSEvents.PutEvents",
            """
            {"Entries": [{"Source": "weir.reconciler", "DetailType": "CloudWatch Alarm State Change",
              "Detail": "{\\"alarmName\\": \\"weir-local-rem-heal-x\\", \\"state\\": {\\"value\\": \\"ALARM\\"}}"}]}\
            """);
    assertThat(put.path("FailedEntryCount").asInt()).isZero();
    world("clock", "{\"seconds\": 1}");

    var listed =
        call("AWSStepFunctions.ListExecutions", "{\"stateMachineArn\":\"" + MACHINE + "\"}");
    assertThat(listed.at("/executions/0/status").asText()).isEqualTo("RUNNING");
    var execution = "{\"executionArn\":" + listed.at("/executions/0/executionArn");
    var history = call("AWSStepFunctions.GetExecutionHistory", execution + ",\"maxResults\":2}");
    assertThat(history.path("events")).hasSize(2);
    var next =
        call(
            "AWSStepFunctions.GetExecutionHistory",
            execution + ",\"nextToken\":" + history.path("nextToken") + "}");
    assertThat(next.at("/events/0/id").asInt()).isEqualTo(3);
    assertThat(next.has("nextToken")).isFalse();
    call("AWSStepFunctions.StopExecution", execution + ",\"error\":\"E\"}");
    var described = call("AWSStepFunctions.DescribeExecution", execution + "}");
    assertThat(described.path("status").asText()).isEqualTo("ABORTED");
    assertThat(described.path("error").asText()).isEqualTo("E");
  }

  @Test
  void the_machines_of_the_template_are_listed_and_started_by_name() throws Exception {
    var machines = call("AWSStepFunctions.ListStateMachines", "{}");
    assertThat(machines.at("/stateMachines/0/stateMachineArn").asText()).isEqualTo(MACHINE);
    var start = "{\"stateMachineArn\":\"" + MACHINE + "\",\"name\":\"n\",\"input\":\"%s\"}";
    assertThat(
            call("AWSStepFunctions.StartExecution", start.formatted("{}"))
                .path("executionArn")
                .asText())
        .isEqualTo(ARN + "execution:weir-local-act-heal:n");
    assertThat(
            call("AWSStepFunctions.StartExecution", start.formatted("1")).path("__type").asText())
        .isEqualTo("ExecutionAlreadyExists");
  }

  @Test
  void what_is_not_known_is_refused_in_the_apis_words() throws Exception {
    assertThat(call("AWSStepFunctions.CreateActivity", "{}").path("__type").asText())
        .isEqualTo("UnknownOperationException");
    assertThat(
            call("AWSStepFunctions.SendTaskSuccess", "{\"taskToken\":\"t\",\"output\":\"{}\"}")
                .path("__type")
                .asText())
        .isEqualTo("InvalidToken");
    assertThat(
            call("AWSStepFunctions.SendTaskFailure", "{\"taskToken\":\"t\"}")
                .path("__type")
                .asText())
        .isEqualTo("InvalidToken");
    assertThat(
            call("AWSStepFunctions.SendTaskHeartbeat", "{\"taskToken\":\"t\"}")
                .path("__type")
                .asText())
        .isEqualTo("InvalidToken");
    assertThat(call("AWSEvents.PutEvents", "{}").path("__type").asText())
        .isEqualTo("ValidationException");
    assertThat(call("AmazonSSM.GetParameter", "{\"Name\":\"x\"}").path("__type").asText())
        .isEqualTo("ParameterNotFound");
    assertThat(call("AWSEvents.PutEvents", "[]").path("__type").asText())
        .isEqualTo("SerializationException");
  }

  @Test
  void an_event_that_no_target_takes_is_in_the_dead_letter_queue() throws Exception {
    call(
        "AWSEvents.PutEvents",
        "{\"Entries\":[{\"Source\":\"weir.test\",\"DetailType\":\"T\",\"Detail\":\"{}\"}]}");
    world("clock", "{\"seconds\": 1}");

    var letter = view("").at("/deadLetters/0");
    assertThat(letter.path("queue").asText())
        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:weir-local-Dead");
    assertThat(letter.path("event").path("source").asText()).isEqualTo("weir.test");
    assertThat(letter.path("attributes").toString()).contains("StateMachineDoesNotExist");
  }

  @Test
  void a_schedule_publishes_to_its_topic_when_its_hour_has_come() throws Exception {
    world("clock", "{\"seconds\": 3599}");
    assertThat(view("").path("messages")).isEmpty();
    world("clock", "{\"seconds\": 3601}");
    assertThat(view("").path("messages")).hasSize(2);
    assertThat(view("").at("/messages/0/text").asText()).isEqualTo("\"an hour\"");
  }

  @Test
  void a_mode_is_set_for_all_and_for_each_action() throws Exception {
    control().setModes("auto");
    control().answer("POST", "modes/heal", JSON.readTree("{\"mode\":\"dry-run\"}"));

    assertThat(updates)
        .containsExactly("CONFIG/GLOBAL auto", "CONFIG/heal auto", "CONFIG/heal dry-run");
    assertThatThrownBy(() -> control().answer("POST", "modes/heal", JSON.readTree("{}")))
        .hasMessageContaining("dry-run");
    assertThat(control().answer("GET", "modes/heal", JSON.createObjectNode())).isEmpty();
  }

  @Test
  void the_endpoints_of_the_beginning_are_in_service_with_their_alarms() throws Exception {
    var world = automation.remediation().orElseThrow().account().world().view();

    assertThat(world.at("/endpoint/chat/EndpointStatus").asText()).isEqualTo("InService");
    assertThat(world.at("/alarm/weir-local-rem-restart-endpoint-errors-chat/Period").asInt())
        .isEqualTo(60);
    assertThat(world.path("now").asText()).startsWith("2026-01-01T00:00");
  }
}
