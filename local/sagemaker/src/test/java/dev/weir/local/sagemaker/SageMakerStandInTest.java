package dev.weir.local.sagemaker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SageMakerStandInTest {
  @Test
  @Timeout(30)
  void tells_where_it_is_and_each_event_and_ends_with_its_input() throws Exception {
    var typed = new PipedOutputStream();
    var in = new PipedInputStream(typed);
    var printed = new PipedInputStream();
    var out = new PrintStream(new PipedOutputStream(printed), true, UTF_8);
    Thread process =
        Thread.startVirtualThread(() -> {
          try {
            SageMakerStandIn.run(List.of("--account", "000000000000", "--pace", "0.01"), in, out);
          } catch (IOException e) {
            out.println("ERROR " + e);
          }
        });
    try (var lines = new BufferedReader(new InputStreamReader(printed, UTF_8))) {
      String ready = lines.readLine();
      assertThat(ready).startsWith("READY http://127.0.0.1:");

      put(ready.substring("READY ".length()), "Failed");
      JsonNode event = Json.read(lines.readLine().getBytes(UTF_8));

      assertThat(event.path("source").asText()).isEqualTo("aws.sagemaker");
      assertThat(event.path("account").asText()).isEqualTo("000000000000");
      assertThat(event.at("/detail/EndpointStatus").asText()).isEqualTo("FAILED");
      typed.close();
      process.join();
    }
  }

  private static void put(String url, String status) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(url + WorldControl.ROOT + "/resources/endpoint/chat"))
              .POST(HttpRequest.BodyPublishers.ofString("{\"EndpointStatus\":\"" + status + "\"}"))
              .build();
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }
}
