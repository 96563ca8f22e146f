package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drills of docs/remediation-local.md, by nothing but HTTP. */
class DrillsIT extends OnStack {

  private static final ObjectMapper JSON = new ObjectMapper();

  DrillsIT() throws IOException {
    super(
        Stack.start(
            "drills",
            Map.of(
                "DriftBucket", "drift-data",
                "TrainingRoleArn", "arn:aws:iam::000000000000:role/training")));
    stack.cloud().remediate();
  }

  private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var reply = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      return JSON.readTree(reply.body());
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return ask(HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/" + path)));
  }

  private void post(String path, String body) throws IOException, InterruptedException {
    var to = stack.cloud().url().resolve("/_local/" + path);
    ask(HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private void pass(Duration time) throws IOException, InterruptedException {
    post("sagemaker/clock", "{\"seconds\":%d}".formatted(time.toSeconds()));
  }

  /** What somebody changed with this operation, in order. */
  private List<JsonNode> changes(String operation) throws IOException, InterruptedException {
    return StreamSupport.stream(get("sagemaker/ledger").spliterator(), false)
        .filter(call -> call.path("operation").asText().equals(operation))
        .filter(call -> call.path("outcome").asText().equals("done"))
        .toList();
  }

  private List<String> outcomes(String machine) throws IOException, InterruptedException {
    return StreamSupport.stream(get("remediation/").path("executions").spliterator(), false)
        .filter(run -> run.path("machine").asText().equals("weir-local-" + machine))
        .map(run -> run.at("/output/outcome").asText() + " " + run.at("/output/reason").asText())
        .toList();
  }

  private List<String> messages(String subject) throws IOException, InterruptedException {
    return StreamSupport.stream(get("remediation/").path("messages").spliterator(), false)
        .filter(message -> message.path("subject").asText().contains(subject))
        .map(message -> message.path("text").asText())
        .toList();
  }

  @Test
  void a_queue_of_150_gets_two_more_instances_and_the_minimum_is_given_back() throws Exception {
    post(
        "sagemaker/endpoints/weir-small-chat",
        "{\"load\":{\"backlog\":150,\"queuedPerMinute\":20,\"servedPerInstance\":10}}");
    pass(Duration.ofMinutes(90));

    assertThat(outcomes("act-scale-out")).contains("SUCCEEDED SCALED_OUT");
    assertThat(changes("RegisterScalableTarget"))
        .filteredOn(call -> call.path("caller").asText().startsWith("weir-local-act-scale-out/"))
        .extracting(call -> call.at("/request/MinCapacity").asInt())
        .containsExactly(4, 2);
    assertThat(changes("SetDesiredCapacity"))
        .extracting(call -> call.at("/request/DesiredCapacity").asInt())
        .containsExactly(4);
  }

  @Test
  void a_notebook_left_idle_is_warned_of_and_then_stopped_and_one_in_use_is_not() throws Exception {
    for (String name : List.of("idle-lab", "busy-lab")) {
      post(
          "sagemaker/resources/notebook-instance/" + name,
          "{\"NotebookInstanceStatus\":\"InService\",\"InstanceType\":\"ml.t3.medium\"}");
    }
    post("remediation/notebooks/busy-lab", "{\"busyKernels\":1}");
    pass(Duration.ofMinutes(90));
    assertThat(messages("not used"))
        .singleElement()
        .asString()
        .contains("idle-lab: IDLE UNOPENED")
        .doesNotContain("busy-lab");
    assertThat(changes("StopNotebookInstance")).isEmpty();

    pass(Duration.ofMinutes(90));

    assertThat(changes("StopNotebookInstance"))
        .extracting(call -> call.path("resource").asText())
        .containsExactly("idle-lab");
    assertThat(outcomes("act-stop-notebook")).contains("SUCCEEDED STOPPED");
  }

  /** Puts an event of people on the bus. */
  private void ask(String type, JsonNode detail) throws IOException, InterruptedException {
    var event = JSON.createObjectNode();
    event
        .putArray("Entries")
        .addObject()
        .put("Source", "weir.operator")
        .put("DetailType", type)
        .put("Detail", detail.toString());
    var events = Objects.requireNonNull(stack.cloud().operator().get("AWS_ENDPOINT_URL_EVENTS"));
    ask(
        HttpRequest.newBuilder(URI.create(events))
            .header("X-Amz-Target", "AWSEvents.PutEvents")
            .POST(HttpRequest.BodyPublishers.ofString(event.toString())));
  }

  @Test
  void a_model_that_people_want_faster_is_optimised_measured_and_offered() throws Exception {
    post("remediation/drift/weir-small-chat", "{\"shift\":0}");
    post(
        "sagemaker/scores/weir-small-chat-",
        "{\"challenger:auc\":0.9,\"champion:auc\":0.91,\"challenger:latency\":20,\"champion:latency\":40}");
    ask(
        "Optimization Requested",
        JSON.readTree(
            """
            {"target":"weir-small-chat","model":"weir-small-chat-model",
             "optimizationConfigs":[{"ModelQuantizationConfig":{"Image":"lmi:1"}}],
             "instanceType":"ml.g5.2xlarge","maxRuntimeSeconds":3600,"hourlyUsd":1.5,"maxUsd":10,
             "gain":{"metric":"latency","direction":"minimize","minGain":5}}
            """));
    pass(Duration.ofMinutes(90));

    assertThat(outcomes("act-optimize-model")).contains("SUCCEEDED OFFERED");
    assertThat(messages("OFFERED")).singleElement().asString().contains("weir-small-chat");
    JsonNode offer = get("sagemaker/").at("/model-package/weir-small-chat~11");
    assertThat(offer.path("ModelApprovalStatus").asText()).isEqualTo("PendingManualApproval");
    assertThat(offer.at("/CustomerMetadataProperties/weir.challenger").asText()).isEqualTo("0.9");
    assertThat(changes("CreateEndpointConfig"))
        .extracting(call -> call.path("caller").asText())
        .containsOnly("local");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sagemaker/clock                      | {"seconds":-60}           | from 0 to
          sagemaker/clock                      | {"seconds":1e30}          | from 0 to
          sagemaker/clock                      | {"second":60}             | from 0 to
          sagemaker/clock                      | [60]                      | JSON object
          sagemaker/metrics                    | {"Value":"many"}          | a number
          remediation/modes/restart-endpoint   | {"mode":"yes"}            | off, dry-run
          remediation/modes/nope               | {"mode":"off"}            | GLOBAL
          remediation/modes/restart-endpoint   | off                       | no JSON
          remediation/notebooks/lab            | {"busyKernels":-1}        | from 0
          remediation/drift/weir-small-chat    | {"shift":"far"}           | a number
          remediation/parts                    | {"remove":"everything"}   | role/NAME
          """)
  void rubbish_is_refused_with_what_would_do(String path, String body, String told)
      throws Exception {
    var to = stack.cloud().url().resolve("/_local/" + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      var reply =
          client.send(
              HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
      assertThat(JSON.readTree(reply.body()).path("error").asText()).contains(told);
    }
  }
}
