package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.endpoint.EndpointCatalog;
import dev.weir.inference.sagemaker.TestClients;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.route.Breakers;
import dev.weir.route.CircuitBreaker;
import dev.weir.store.BreakerTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The endpoints' door before a server of the test's own, which stands in for SageMaker Runtime and
 * for S3: objects are what was put.
 */
final class EndpointStack extends DoorStack implements AutoCloseable {
  /** Objects by path; one named {@code broken} makes S3 fail. */
  final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  private final FakeUpstream server;
  private final Door door;

  /**
   * @param endpoints how SageMaker answers
   */
  EndpointStack(FakeUpstream.Script endpoints) throws IOException {
    server =
        new FakeUpstream(wire -> {
          FakeUpstream.Seen last = server().seen().getLast();
          if (last.path().startsWith("/bucket/")) {
            object(last, wire);
          } else {
            endpoints.answer(wire);
          }
        });
    EndpointBooks books = new EndpointBooks(limiter, records, captures, clock, lines);
    Optional<AsyncInvocations> async =
        Optional.of(new AsyncInvocations(responses, TestClients.objects(server.uri()), clock));
    EndpointFlow flow =
        new EndpointFlow(
            new EndpointFlow.Tools(
                EndpointCatalog.read(CATALOG, catalog().guards()),
                new EndpointPlanner(catalog().guards()),
                gate,
                refusals,
                reservations,
                async,
                new Invoking(
                    new Invoking.Tools(
                        TestClients.endpoints(server.uri()),
                        new Breakers(
                            new BreakerTable(dynamo, "responses"),
                            new CircuitBreaker.Rules(
                                2, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                            clock,
                            log),
                        killSwitch,
                        async,
                        books,
                        clock)),
                books,
                new Times(
                    Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(1), clock)));
    door = door(flow::serve);
  }

  private FakeUpstream server() {
    return server;
  }

  private void object(FakeUpstream.Seen seen, FakeUpstream.Wire wire) throws IOException {
    byte[] found = objects.get(seen.path());
    if (objects.containsKey("broken")) {
      wire.json(503, "<Error/>");
    } else if (seen.body().length > 0) {
      objects.put(seen.path(), seen.body());
      wire.json(200, "");
    } else if (found == null) {
      wire.json(404, "<Error><Code>NoSuchKey</Code></Error>");
    } else {
      wire.status(200, "Content-Type: application/x-npy");
      wire.chunk(found);
      wire.end();
    }
  }

  /** The requests SageMaker has seen. */
  List<FakeUpstream.Seen> invoked() {
    return server.seen().stream().filter(seen -> seen.path().startsWith("/endpoints/")).toList();
  }

  /** Invokes an endpoint for the tenant {@code acme}. */
  Client.Reply invoke(String endpoint, byte[] body, String... headers) {
    return new Client(door, "acme", replies).send(Map.of("name", endpoint), body, headers);
  }

  Client.Reply invoke(String endpoint, String body, String... headers) {
    return invoke(endpoint, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Looks at a result. */
  Client.Reply result(String tenant, String endpoint, String id) {
    return new Client(door, tenant, replies).send(Map.of("name", endpoint, "id", id), new byte[0]);
  }

  /** The reply that was begun last, also when its door has broken it off. */
  Client.Reply last() {
    return replies.getLast();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
