package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A drift from its first hour to its end, by HTTP alone. */
final class RetrainIT extends OnStack {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PACKAGE =
      "arn:aws:sagemaker:us-east-1:000000000000:model-package/weir-small-chat/1";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RetrainIT() throws IOException {
    super(
        Stack.start(
            "retrain",
            Map.of(
                "DriftBucket", "drift-data",
                "DriftWindowHours", "1",
                "TrainingRoleArn", "arn:aws:iam::000000000000:role/training")));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/" + path)));
  }

  private void post(String path, String body) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/" + path))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** How what was begun of an action has ended. */
  private List<String> ends(String action) {
    return stack.scan("RemediationTable").stream()
        .filter(item -> Stack.text(item, "pk").startsWith("INCIDENT#"))
        .filter(item -> Stack.text(item, "action").equals(action))
        .map(item -> Stack.text(item, "outcome") + " " + Stack.text(item, "reason"))
        .filter(end -> !end.startsWith("INTENT") && !end.startsWith("SUPPRESSED"))
        .toList();
  }

  /** Lets time pass, a quarter of an hour at once, until an action's run has ended. */
  private List<String> await(String action, int quarters) throws IOException, InterruptedException {
    for (int i = 0; i < quarters && ends(action).isEmpty(); i++) {
      post("sagemaker/clock", "{\"seconds\":900}");
    }
    return ends(action);
  }

  @Test
  void a_drift_is_trained_for_approved_deployed_and_closed() throws Exception {
    stack.cloud().remediate();
    post("sagemaker/endpoints/weir-small-chat", "{\"load\":{\"invocationsPerMinute\":60}}");
    post("remediation/drift/weir-small-chat", "{\"shift\":1}");
    assertThat(await("retrain", 24)).containsExactly("SUCCEEDED OFFERED");
    assertThat(get("remediation/").path("messages").toString()).contains("OFFERED");
    JsonNode world = get("sagemaker/");
    assertThat(world.at("/model-package/weir-small-chat~11/ModelApprovalStatus").asText())
        .isEqualTo("PendingManualApproval");

    post(
        "sagemaker/resources/model-package/weir-small-chat/1",
        "{\"ModelApprovalStatus\":\"Approved\",\"ModelPackageStatus\":\"Completed\"}");
    assertThat(await("deploy-endpoint", 12)).containsExactly("SUCCEEDED CANARY");
    assertThat(await("close-drift", 16)).containsExactly("SUCCEEDED DRIFT_CLOSED");
    assertThat(stack.scan("RemediationTable"))
        .anySatisfy(item -> {
          assertThat(Stack.text(item, "pk")).isEqualTo("RETRAIN");
          assertThat(Stack.text(item, "closed")).isEqualTo(PACKAGE);
        })
        .anySatisfy(item -> {
          assertThat(Stack.text(item, "pk")).isEqualTo("BASELINE");
          assertThat(Stack.text(item, "id")).isEqualTo("weir-small-chat/1");
        });
    assertThat(
            get("sagemaker/")
                .at("/alarm/weir-local-rem-retrain-drift-weir-small-chat/StateValue")
                .asText())
        .isEqualTo("OK");
  }
}
