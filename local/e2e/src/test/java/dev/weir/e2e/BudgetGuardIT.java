package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import dev.weir.e2e.Stack.Said;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** A month's money is used up: told, braked, and let go by a human; on the real template. */
class BudgetGuardIT extends OnStack {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HELLO =
      "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
  private static final String JOB = "arn:aws:sagemaker:us-east-1:000000000000:training-job/nightly";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  BudgetGuardIT() throws IOException {
    super(Stack.start("budget", Map.of("RequestSeconds", "60")));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    var reply = http.send(request.build(), BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  private HttpRequest.Builder local(String path) {
    return HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/" + path));
  }

  private void post(String path, String body) throws Exception {
    send(local(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Models have cost so much, and half an hour passes. */
  private void spend(int usd) throws Exception {
    post(
        "sagemaker/metrics",
        "{\"Namespace\":\"Weir\",\"MetricName\":\"weir.cost.microusd\",\"Dimensions\":{\"environment\":\"dev\"},\"Value\":%d}"
            .formatted(usd * 1_000_000L));
    post("sagemaker/clock", "{\"seconds\":%d}".formatted(Duration.ofMinutes(40).toSeconds()));
  }

  private String messages() throws Exception {
    return send(local("remediation/")).path("messages").findValuesAsText("subject").toString();
  }

  private SageMakerClient sagemaker() throws IOException {
    return SageMakerClient.builder()
        .endpointOverride(
            URI.create(
                Objects.requireNonNull(stack.cloud().operator().get("AWS_ENDPOINT_URL_SAGEMAKER"))))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  @Test
  void what_is_spent_is_told_then_braked_and_a_human_lets_go() throws Exception {
    Caller caller = caller();
    post("remediation/modes/GLOBAL", "{\"mode\":\"auto\"}");
    post("remediation/modes/budget-guard", "{\"mode\":\"auto\"}");
    post(
        "sagemaker/resources/training-job/nightly",
        "{\"TrainingJobStatus\":\"InProgress\",\"EnableManagedSpotTraining\":true}");
    try (SageMakerClient sagemaker = sagemaker()) {
      sagemaker.addTags(add -> add.resourceArn(JOB).tags(tag -> tag.key("env").value("dev")));

      spend(30);
      assertThat(messages()).contains("rem-escalate-budget-50").doesNotContain("budget-80");
      assertThat(stack.chat(caller, HELLO).status()).isEqualTo(200);

      spend(25);
      assertThat(messages())
          .as("%s", send(local("remediation/")).path("executions"))
          .contains("budget-80", "the brake is on");
      assertThat(
              sagemaker
                  .describeTrainingJob(request -> request.trainingJobName("nightly"))
                  .trainingJobStatus())
          .isIn(TrainingJobStatus.STOPPING, TrainingJobStatus.STOPPED);
    }
    await().atMost(Duration.ofSeconds(15)).until(() -> stack.chat(caller, HELLO).status() == 403);
    Reply refused = stack.chat(caller, HELLO);
    assertThat(refused.code()).isEqualTo("switched_off");
    assertThat(refused.body()).contains("the monthly budget is used up");

    Said early = stack.weir("budget", "reset", "--until", "105", "--why", "more money");
    assertThat(early.status()).as(early.out()).isEqualTo(2);
    Said reset = stack.weir("budget", "reset", "--until", "150", "--why", "more money");
    assertThat(reset.status()).as(reset.out()).isZero();
    assertThat(reset.out()).contains("turned off: all", "training jobs stopped: nightly");
    await().atMost(Duration.ofSeconds(15)).until(() -> stack.chat(caller, HELLO).status() == 200);
    post("sagemaker/clock", "{\"seconds\":3600}");
    assertThat(stack.chat(caller, HELLO).status()).isEqualTo(200);
  }
}
