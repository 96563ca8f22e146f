package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.LocalCloud;
import dev.weir.local.Options;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;

/** Broken by HTTP, looked at by HTTP and by the SDK's own clients; nothing knows the inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RemediationIT {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final String ALARM = "weir-local-rem-restart-endpoint-errors-";
  private static final String GUARD =
      "arn:aws:states:us-east-1:000000000000:stateMachine:weir-local-guard";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalCloud cloud;
  private final Map<String, String> operator;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RemediationIT() throws IOException {
    cloud =
        LocalCloud.start(
            Options.of(ROOT)
                .withTemplate(Path.of("src/test/resources/remediation.yaml"))
                .withWork(ROOT.resolve("local/e2e/target/stack-remediation"))
                .withBedrock(false),
            _ -> {});
    operator = cloud.operator();
  }

  @AfterAll
  void stop() throws IOException {
    http.shutdownNow();
    cloud.close();
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B client(
      B builder, String service) {
    String url = Objects.requireNonNull(operator.get("AWS_ENDPOINT_URL_" + service));
    return builder
        .endpointOverride(URI.create(url))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create());
  }

  private JsonNode get(String path) {
    return send(HttpRequest.newBuilder(cloud.url().resolve("/_local/" + path)));
  }

  private JsonNode post(String path, String body) {
    return send(
        HttpRequest.newBuilder(cloud.url().resolve("/_local/" + path))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void fail(String endpoint) {
    post("remediation/modes/GLOBAL", "{\"mode\":\"auto\"}");
    post("remediation/modes/restart-endpoint", "{\"mode\":\"auto\"}");
    post(
        "sagemaker/endpoints/" + endpoint,
        "{\"health\":\"failing\",\"load\":{\"invocationsPerMinute\":60}}");
  }

  private void pass(Duration time) {
    post("sagemaker/clock", "{\"seconds\":%d}".formatted(time.toSeconds()));
  }

  /** The guard's executions for one endpoint, each as its outcome or, while it runs, its status. */
  private List<String> runs(String endpoint) {
    try (var sfn = client(SfnClient.builder(), "SFN").build()) {
      return sfn
          .listExecutionsPaginator(request -> request.stateMachineArn(GUARD))
          .executions()
          .stream()
          .map(it -> sfn.describeExecution(request -> request.executionArn(it.executionArn())))
          .filter(it -> it.input().contains("\"EndpointName\":\"" + endpoint + "\""))
          .map(it ->
              it.status() == ExecutionStatus.SUCCEEDED
                  ? read(it.output()).path("outcome").asText()
                  : it.statusAsString())
          .toList();
    }
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  /** Who updated the endpoint; SageMaker refuses a configuration that it does not see yet. */
  private List<String> updates(String endpoint) {
    return StreamSupport.stream(get("sagemaker/ledger").spliterator(), false)
        .filter(call -> call.path("operation").asText().equals("UpdateEndpoint"))
        .filter(call -> call.path("resource").asText().equals(endpoint))
        .filter(call -> call.path("outcome").asText().equals("done"))
        .map(call -> call.path("caller").asText())
        .toList();
  }

  private MetricAlarm alarm(String endpoint) {
    try (var cloudwatch = client(CloudWatchClient.builder(), "CLOUDWATCH").build()) {
      return cloudwatch
          .describeAlarms(request -> request.alarmNames(ALARM + endpoint))
          .metricAlarms()
          .getFirst();
    }
  }

  @Test
  void an_endpoint_that_is_broken_by_curl_is_found_by_its_alarm_healed_and_verified() {
    fail("weir-shared-chat");
    pass(Duration.ofMinutes(4));
    assertThat(alarm("weir-shared-chat").stateValue()).isEqualTo(StateValue.ALARM);
    pass(Duration.ofMinutes(60));

    assertThat(runs("weir-shared-chat")).contains("SUCCEEDED");
    assertThat(updates("weir-shared-chat")).hasSize(1);
    assertThat(updates("weir-shared-chat").getFirst())
        .startsWith("weir-local-act-restart-endpoint/");
    assertThat(alarm("weir-shared-chat").stateValue()).isEqualTo(StateValue.OK);
    try (var sagemaker = client(SageMakerClient.builder(), "SAGEMAKER").build()) {
      var endpoint =
          sagemaker.describeEndpoint(request -> request.endpointName("weir-shared-chat"));
      assertThat(endpoint.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
      assertThat(endpoint.endpointConfigName()).isNotEqualTo("weir-shared-chat-config");
      assertThat(endpoint.productionVariants().getFirst().currentInstanceCount()).isEqualTo(2);
    }
    var view = get("remediation/");
    assertThat(view.path("opsItems")).isEmpty();
    assertThat(view.path("deadLetters")).isEmpty();
    assertThat(view.at("/locks").toString()).contains("endpoint/weir-shared-chat");
  }

  @Test
  void two_hundred_equal_alarms_are_one_run_and_199_suppressed_ones() {
    fail("weir-small-chat");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          pass(Duration.ofMinutes(1));
          return runs("weir-small-chat").size() == 1;
        });
    MetricAlarm alarm = alarm("weir-small-chat");
    var detail = JSON.createObjectNode().put("alarmName", alarm.alarmName());
    detail
        .putObject("state")
        .put("value", "ALARM")
        .put("timestamp", alarm.stateUpdatedTimestamp().toString());
    detail
        .putObject("configuration")
        .putArray("metrics")
        .addObject()
        .putObject("metricStat")
        .putObject("metric")
        .putObject("dimensions")
        .put("EndpointName", "weir-small-chat");
    try (var events = client(EventBridgeClient.builder(), "EVENTBRIDGE").build()) {
      var entry =
          PutEventsRequestEntry.builder()
              .source("weir.reconciler")
              .detailType("CloudWatch Alarm State Change")
              .detail(detail.toString())
              .build();
      for (int left = 199; left > 0; left -= 10) {
        var batch = new ArrayList<PutEventsRequestEntry>();
        IntStream.range(0, Math.min(left, 10)).forEach(_ -> batch.add(entry));
        assertThat(events.putEvents(request -> request.entries(batch)).failedEntryCount()).isZero();
      }
    }
    pass(Duration.ofSeconds(1));
    assertThat(runs("weir-small-chat")).hasSize(200).containsOnly("SUPPRESSED", "RUNNING");
    pass(Duration.ofMinutes(60));

    assertThat(runs("weir-small-chat")).hasSizeGreaterThanOrEqualTo(200);
    assertThat(runs("weir-small-chat").stream().filter("SUCCEEDED"::equals)).hasSize(1);
    assertThat(updates("weir-small-chat")).hasSize(1);
  }

  @Test
  void an_executions_history_is_readable_by_the_sdk_and_by_curl() {
    try (var sfn = client(SfnClient.builder(), "SFN").build()) {
      var machines = sfn.listStateMachines(request -> {}).stateMachines();
      assertThat(machines)
          .extracting(it -> it.name())
          .contains("weir-local-guard", "weir-local-act-restart-endpoint");
      String arn =
          sfn.startExecution(request ->
                  request.stateMachineArn(GUARD).name("by-hand").input("{\"action\":\"x\"}"))
              .executionArn();
      pass(Duration.ofMinutes(5));
      var types =
          sfn.getExecutionHistoryPaginator(request -> request.executionArn(arn)).events().stream()
              .map(it -> it.type())
              .toList();
      assertThat(types.getFirst()).isEqualTo(HistoryEventType.EXECUTION_STARTED);
      assertThat(get("remediation/executions/weir-local-guard/by-hand").path("history"))
          .hasSize(types.size());
    }
  }
}
