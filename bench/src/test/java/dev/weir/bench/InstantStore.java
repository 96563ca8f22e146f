package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.HttpServer;
import dev.weir.store.DynamoWire;
import dev.weir.store.InMemoryDynamo;
import dev.weir.tenant.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * DynamoDB in this process, behind its own wire, so that a soak is not DynamoDB Local's. Counts
 * what it is asked. Ledger rows and audit entries are taken and not kept: nothing reads them.
 */
final class InstantStore implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] TAKEN = {'{', '}'};

  private final InMemoryDynamo dynamo = new InMemoryDynamo(InstantSource.system());
  private final DynamoWire wire = new DynamoWire(dynamo);
  private final Map<String, LongAdder> operations = new ConcurrentHashMap<>();
  private final HttpServer server = new HttpServer(0, this::handle);

  InstantStore() throws IOException {}

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  Events tenant(String id, Limits limits) {
    return LocalStore.tenant(dynamo, id, limits);
  }

  /** Operations on items so far, by operation and table. */
  Map<String, Long> operations() {
    return operations.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, each -> each.getValue().sum(), Long::sum, TreeMap::new));
  }

  private void handle(Exchange exchange) throws IOException {
    String target = exchange.headers().last("X-Amz-Target").orElse("");
    String operation = target.substring(target.indexOf('.') + 1);
    byte[] body = exchange.body().readAllBytes();
    JsonNode request = JSON.readTree(body);
    count(operation, request);
    DynamoWire.Answer answer =
        isUnread(operation, request)
            ? new DynamoWire.Answer(200, TAKEN)
            : wire.answer(operation, body);
    exchange.respond(answer.status(), StoreProxy.headers(), answer.body());
  }

  private void count(String operation, JsonNode request) {
    JsonNode items = request.path("TransactItems");
    String table =
        items.isMissingNode()
            ? request.path("TableName").asText()
            : items.path(0).path("Put").path("TableName").asText();
    operations
        .computeIfAbsent(operation + " " + table, _ -> new LongAdder())
        .add(Math.max(1, items.size()));
  }

  private static boolean isUnread(String operation, JsonNode request) {
    return operation.equals("PutItem") && request.path("TableName").asText().equals("ledger");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
