package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What remediation's machines ask, asked of the real template's functions. */
class RemediationFunctionsIT extends OnStack {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Path BUCKET = ROOT.resolve("local/e2e/target/stack-remedy/s3/drift-data");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SplittableRandom random = new SplittableRandom(3);

  RemediationFunctionsIT() throws IOException {
    super(Stack.start("remedy", Map.of("DriftBucket", "drift-data")));
  }

  private JsonNode ask(String function, String event) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> reply =
          client.send(
              HttpRequest.newBuilder(stack.cloud().url().resolve("/_local/functions/" + function))
                  .POST(HttpRequest.BodyPublishers.ofString(event))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      return JSON.readTree(reply.body());
    }
  }

  private static String event(String name) throws IOException {
    return Files.readString(ROOT.resolve("events/" + name + ".json"));
  }

  private void write(String key, String content) throws IOException {
    Path file = BUCKET.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private String row(double shift) {
    return random.nextGaussian() + shift + "," + random.nextGaussian();
  }

  private void capture(int hour, double shift) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      ObjectNode line = JSON.createObjectNode();
      ObjectNode data = line.putObject("captureData");
      data.putObject("endpointInput").put("data", row(shift)).put("encoding", "CSV");
      data.putObject("endpointOutput").put("data", "0.5").put("encoding", "CSV");
      lines.append(line).append('\n');
    }
    write(
        "datacapture/scores/AllTraffic/2026/11/22/%02d/a.jsonl".formatted(hour), lines.toString());
  }

  @Test
  void data_that_stays_moved_is_a_drift_until_there_is_a_new_baseline()
      throws IOException, InterruptedException {
    StringBuilder training = new StringBuilder("age,income,score\n");
    for (int i = 0; i < 2000; i++) {
      training.append(row(0)).append(",0.5\n");
    }
    write("training/2026-11/part-0.csv", training.toString());
    for (int hour = 0; hour < 4; hour++) {
      capture(hour, hour == 0 ? 0 : 1);
    }
    assertThat(ask("BaselineFunction", event("baseline")).path("columns").asInt()).isEqualTo(3);

    assertThat(outcome(0)).isEqualTo("OK");
    assertThat(outcome(1)).isEqualTo("OK");
    assertThat(outcome(2)).isEqualTo("OK");
    assertThat(outcome(3)).isEqualTo("DRIFT");

    ask(
        "BaselineFunction",
        "{\"endpoint\":\"scores\",\"id\":\"after\",\"source\":{\"format\":\"capture\","
            + "\"prefix\":\"datacapture/scores/AllTraffic/2026/11/22/03\",\"columns\":[\"age\",\"income\"]}}");
    assertThat(outcome(3)).isEqualTo("OK");
    assertThat(stack.scan("RemediationTable"))
        .anySatisfy(item -> {
          assertThat(Stack.text(item, "pk")).isEqualTo("DRIFT");
          assertThat(Stack.text(item, "outcome")).isEqualTo("OK");
        });
  }

  private String outcome(int hour) throws IOException, InterruptedException {
    JsonNode reply =
        ask(
            "DriftFunction",
            ("{\"endpoint\":\"scores\",\"window\":{\"from\":\"2026-11-22T%02d:00:00Z\","
                    + "\"to\":\"2026-11-22T%02d:00:00Z\"}}")
                .formatted(hour, hour + 1));
    return reply.path("outcome").asText();
  }

  @Test
  void an_endpoint_is_probed_where_the_world_says_how_it_is()
      throws IOException, InterruptedException {
    JsonNode missing = ask("ProbeFunction", "{\"endpoint\":\"nobody\",\"n\":1,\"k\":1}");

    assertThat(missing.path("ok").asBoolean()).isFalse();
    assertThat(missing.path("reasons").path(0).asText()).startsWith("STATUS_4");
  }

  @Test
  void a_metric_without_a_past_is_not_foretold() throws IOException, InterruptedException {
    assertThat(ask("ForecastFunction", event("forecast")).path("forecast").asText())
        .isEqualTo("INSUFFICIENT");
  }

  @Test
  void a_notebook_is_judged() throws IOException, InterruptedException {
    assertThat(ask("IdleFunction", event("idle")).path("reason").asText()).isEqualTo("QUIET");
  }
}
