package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A started ministack: an emulator that we did not write, as the project's own check starts it. */
final class Ministack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  /** Why there is none here. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String why) {
      super(why);
    }
  }

  record Answer(int status, JsonNode body) {}

  Ministack() throws Missing, IOException, InterruptedException {
    port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(environment() + "/bin/python", "-m", "ministack")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(
            Map.of(
                "BIND_HOST",
                "127.0.0.1",
                "GATEWAY_PORT",
                String.valueOf(port),
                "SFN_WAIT_SCALE",
                "0",
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + port));
    process = builder.start();
    for (int i = 0; i < 120 && !answers(); i++) {
      if (!process.isAlive()) {
        throw new Missing("ministack ended with " + process.exitValue() + " when it was started");
      }
      Thread.sleep(250);
    }
  }

  /** The virtual environment with the pinned release; made if there is none yet. */
  private static String environment() throws Missing, InterruptedException {
    try {
      Process venv =
          new ProcessBuilder(ROOT.resolve(".ci/venv").toString(), "ministack")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String path =
          new String(venv.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!venv.waitFor(5, TimeUnit.SECONDS) || venv.exitValue() != 0) {
        throw new Missing(".ci/venv ministack did not give an environment (no network or Python?)");
      }
      return path;
    } catch (IOException e) {
      throw new Missing(".ci/venv cannot be run: " + e.getMessage());
    }
  }

  /** One call of a JSON API, such as {@code AWSStepFunctions.StartExecution}. */
  Answer call(String target, JsonNode body) {
    String signature =
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(target.startsWith("DynamoDB") ? "dynamodb" : "states");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header("authorization", signature)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    http.close();
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
