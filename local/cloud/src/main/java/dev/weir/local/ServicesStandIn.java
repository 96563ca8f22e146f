package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What functions ask of other services: SSM as far as the template has parameters (GetParameter and
 * PutParameter), and SNS and EventBridge, which write down what they are given.
 */
final class ServicesStandIn implements HttpServer.Handler {
  private static final int BODY_LIMIT = 1 << 16;

  private final Map<String, String> values;
  private final InstantSource clock;
  private final Path notices;
  private final ObjectMapper json = new ObjectMapper();

  ServicesStandIn(Map<String, String> values, InstantSource clock, Path notices) {
    this.notices = notices;
    this.values = new ConcurrentHashMap<>(values);
    this.clock = clock;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(BODY_LIMIT);
    String target = exchange.headers().last("X-Amz-Target").orElse("");
    if (!target.startsWith("AmazonSSM.")) {
      publish(exchange, target, new String(body, UTF_8));
      return;
    }
    JsonNode request = json.readTree(body);
    String name = request.path("Name").asText();
    if (!values.containsKey(name)) {
      send(exchange, 400, "{\"__type\":\"ParameterNotFound\"}");
      return;
    }
    switch (target) {
      case "AmazonSSM.GetParameter" -> {
        var reply = json.createObjectNode();
        reply
            .putObject("Parameter")
            .put("Name", name)
            .put("Type", "String")
            .put("Value", values.get(name))
            .put("LastModifiedDate", clock.millis() / 1000.0);
        send(exchange, 200, reply.toString());
      }
      case "AmazonSSM.PutParameter" -> {
        values.put(name, request.path("Value").asText());
        send(exchange, 200, "{\"Version\":2}");
      }
      default -> send(exchange, 400, "{\"__type\":\"UnknownOperationException\"}");
    }
  }

  private synchronized void publish(Exchange exchange, String target, String body)
      throws IOException {
    Files.writeString(
        notices,
        (target.isEmpty() ? "SNS.Publish" : target) + " " + body + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    send(exchange, 200, "{\"FailedEntryCount\":0}");
  }

  private static void send(Exchange exchange, int status, String body) throws IOException {
    exchange.respond(
        status, Headers.of("Content-Type", "application/x-amz-json-1.1"), body.getBytes(UTF_8));
  }
}
