package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a function and DynamoDB Local. While forwarding it counts requests and units on
 * the wire; once told to replay it answers at once with the last reply to the same operation on the
 * same table (and item, for a read), so that what is left of a call's time is not DynamoDB Local's.
 */
final class StoreProxy implements Closeable {
  private static final String TARGET_PREFIX = "DynamoDB_20120810.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI dynamoDb;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer server;
  private final Map<String, byte[]> lastReplies = new ConcurrentHashMap<>();
  private final List<Trip> trips = new ArrayList<>();
  private volatile boolean replaying;

  /**
   * One request to DynamoDB.
   *
   * @param writeUnits as DynamoDB Local reports them; of a refused write, which it does not report,
   *     from the size of the item in the way
   * @param itemBytes size of the item that came back, 0 when none did
   * @param items items that were asked for or written
   */
  record Trip(
      String operation,
      String table,
      double writeUnits,
      double readUnits,
      int itemBytes,
      int items) {}

  StoreProxy(URI dynamoDb) throws IOException {
    this.dynamoDb = dynamoDb;
    this.server = new HttpServer(0, this::handle);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** From now on the last replies are repeated. */
  void replay() {
    replaying = true;
  }

  /** The requests since the last time this was asked. */
  synchronized List<Trip> takeTrips() {
    List<Trip> taken = List.copyOf(trips);
    trips.clear();
    return taken;
  }

  private void handle(Exchange exchange) throws IOException {
    String target = exchange.headers().last("X-Amz-Target").orElse("");
    byte[] body = exchange.body().readAllBytes();
    JsonNode request = JSON.readTree(body);
    // What is read depends on which item; what a write answers, on the table alone.
    String key = target + " " + request.path("TableName").asText() + item(target, request);
    Optional<byte[]> last = Optional.ofNullable(replaying ? lastReplies.get(key) : null);
    if (last.isPresent()) {
      exchange.respond(200, headers(), last.get());
    } else {
      forward(exchange, target, key, (ObjectNode) request);
    }
  }

  private static String item(String target, JsonNode request) {
    return target.endsWith(".GetItem") ? request.path("Key").toString() : "";
  }

  private void forward(Exchange exchange, String target, String key, ObjectNode request)
      throws IOException {
    request.put("ReturnConsumedCapacity", "TOTAL");
    HttpResponse<byte[]> response = send(exchange, target, request);
    JsonNode reply = JSON.readTree(response.body());
    note(target.substring(TARGET_PREFIX.length()), request, reply);
    if (response.statusCode() == 200 && reply instanceof ObjectNode object) {
      object.remove("ConsumedCapacity");
      lastReplies.put(key, JSON.writeValueAsBytes(object));
    }
    exchange.respond(response.statusCode(), headers(), JSON.writeValueAsBytes(reply));
  }

  private HttpResponse<byte[]> send(Exchange exchange, String target, JsonNode request)
      throws IOException {
    HttpRequest forwarded =
        HttpRequest.newBuilder(dynamoDb)
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("Authorization", exchange.headers().last("Authorization").orElse(""))
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
            .build();
    try {
      return http.send(forwarded, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private synchronized void note(String operation, JsonNode request, JsonNode reply) {
    JsonNode item =
        reply.has("Attributes")
            ? reply.path("Attributes")
            : reply.has("Item") ? reply.path("Item") : request.path("Item");
    boolean isRead = operation.equals("GetItem");
    JsonNode consumed = reply.path("ConsumedCapacity").path("CapacityUnits");
    double units = consumed.isMissingNode() ? ItemSize.writeUnits(item) : consumed.asDouble();
    trips.add(
        new Trip(
            operation,
            request.path("TableName").asText(),
            isRead ? 0 : units,
            isRead ? units : 0,
            ItemSize.bytes(item),
            items(request)));
  }

  /** One, but of requests for several. */
  private static int items(JsonNode request) {
    int items = request.path("TransactItems").size();
    for (JsonNode table : request.path("RequestItems")) {
      items += table.isArray() ? table.size() : table.path("Keys").size();
    }
    return Math.max(1, items);
  }

  /** Header fields of any reply; the limiter compares clocks by its date. */
  static Headers headers() {
    return Headers.of(
        "Content-Type",
        "application/x-amz-json-1.0",
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }

  @Override
  public void close() throws IOException {
    server.close();
    http.close();
  }
}
