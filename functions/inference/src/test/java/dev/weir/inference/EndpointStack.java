package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Ids;
import dev.weir.endpoint.EndpointCatalog;
import dev.weir.idempotency.Idempotency;
import dev.weir.inference.sagemaker.TestClients;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Switches;
import dev.weir.route.Breakers;
import dev.weir.route.CircuitBreaker;
import dev.weir.store.BreakerTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.ResponseTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endpoints' door before a server of the test's own, which stands in for SageMaker Runtime and
 * for S3: objects are what was put.
 */
final class EndpointStack implements AutoCloseable {
  private static final ScheduledExecutorService SCHEDULER =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());

  final Map<String, String> captured = new ConcurrentHashMap<>();
  final FakeAdmission limiter = new FakeAdmission();
  final TestStack.Rows ledger = new TestStack.Rows();
  final TestStack.Audited audit = new TestStack.Audited();
  final Switches switches =
      new Switches(new SwitchTable(new InMemoryDynamo(Clock.systemUTC()), "tenants"));

  /** Objects by path; one named {@code broken} makes S3 fail. */
  final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final List<Client.Reply> replies = new CopyOnWriteArrayList<>();
  private final AtomicLong ahead = new AtomicLong();
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
    InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
    Log log =
        new Log(
            new PrintStream(lines, true, StandardCharsets.UTF_8),
            clock,
            "Weir",
            Map.of("environment", "dev"));
    InMemoryDynamo dynamo = new InMemoryDynamo(clock);
    ResponseTable responses = new ResponseTable(dynamo, "responses");
    KillSwitch killSwitch = new KillSwitch(switches, List::of, clock, SCHEDULER, log);
    RequestLines requestLines = new RequestLines(clock, log);
    Records records = new Records(ledger, audit, limiter, () -> "", TestStack.quotas(log));
    Reservations reservations = new Reservations(limiter, Ids.calls(new SecureRandom()));
    Refusals refusals = new Refusals(reservations, requestLines, records);
    EndpointBooks books = new EndpointBooks(limiter, records, captures(clock), clock, requestLines);
    Optional<AsyncInvocations> async =
        Optional.of(new AsyncInvocations(responses, TestClients.objects(server.uri()), clock));
    EndpointFlow flow =
        new EndpointFlow(
            new EndpointFlow.Tools(
                EndpointCatalog.read(
                    Path.of("src/test/resources/catalog"), TestStack.catalog().guards()),
                new EndpointPlanner(TestStack.catalog().guards()),
                new Gate(
                    killSwitch,
                    new Idempotency(responses, Duration.ofHours(24), clock, log),
                    refusals),
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
    door =
        new Door(log, Ids.requests(new SecureRandom())) {
          @Override
          protected void serve(Exchange exchange, int remainingMillis) throws IOException {
            flow.serve(exchange, remainingMillis);
          }
        };
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

  private Captures captures(InstantSource clock) {
    return new Captures(
        Optional.of((key, json) -> captured.put(key, new String(json, StandardCharsets.UTF_8))),
        limiter,
        clock);
  }

  /** Lets time pass. */
  void later(Duration time) {
    ahead.addAndGet(time.toMillis());
  }

  String logged() {
    return lines.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
