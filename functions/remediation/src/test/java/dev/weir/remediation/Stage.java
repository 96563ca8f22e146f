package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.http.Endpoint;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.RemediationTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What a handler is put upon: a table, a log, a clock that stands, and a service on loopback. */
final class Stage implements AutoCloseable {

  static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A reply of the service. */
  record Answer(int status, byte[] body) {
    static Answer ok(String body) {
      return new Answer(200, body.getBytes(UTF_8));
    }
  }

  /** The service. */
  interface Service {
    Answer answer(HttpExchange exchange, String body) throws IOException;
  }

  final InstantSource clock = () -> Instant.parse("2026-11-22T12:00:00Z");
  final InMemoryDynamo dynamo = new InMemoryDynamo(clock);
  final RemediationTable table = new RemediationTable(dynamo, "remediation");
  final List<String> heard = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  final Log log =
      new Log(new PrintStream(lines, true, UTF_8), clock, "Weir", Map.of("environment", "dev"));
  private final HttpServer server;

  Stage(Service service) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          Answer answer = service.answer(exchange, body);
          exchange.sendResponseHeaders(
              answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
          exchange.getResponseBody().write(answer.body());
          exchange.close();
        });
    server.start();
  }

  Endpoint endpoint() {
    return new Endpoint(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "eu-west-1");
  }

  /** Hands an event to a handler that has a minute left. */
  JsonNode call(RequestStreamHandler handler, String event) throws IOException {
    return call(handler, event, 60_000);
  }

  JsonNode call(RequestStreamHandler handler, String event, int millisLeft) throws IOException {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(UTF_8)), reply, new Millis(millisLeft));
    return JSON.readTree(reply.toByteArray());
  }

  /** A sample event of the project. */
  static String event(String name) throws IOException {
    return Files.readString(Path.of("../../events/" + name + ".json"));
  }

  /** What was logged. */
  String lines() {
    return lines.toString(UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
