package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.cache.EmbeddingCache;
import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Ids;
import dev.weir.guard.GuardrailRef;
import dev.weir.idempotency.Idempotency;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Switches;
import dev.weir.route.Breakers;
import dev.weir.route.CircuitBreaker;
import dev.weir.route.RetryBudget;
import dev.weir.store.BreakerTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.store.ResponseTable;
import dev.weir.store.SwitchTable;
import dev.weir.store.VectorTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The embeddings door on fakes, as {@link TestStack} is the chat door. */
final class EmbeddingStack {

  private static final ScheduledExecutorService SCHEDULER =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());

  final FakeEmbeddings model = new FakeEmbeddings();
  final FakeGuardrail guardrail = new FakeGuardrail();
  final Map<String, String> captured = new ConcurrentHashMap<>();
  final FakeAdmission limiter = new FakeAdmission();
  final TestStack.Rows ledger = new TestStack.Rows();
  final TestStack.Audited audit = new TestStack.Audited();
  final Switches switches =
      new Switches(new SwitchTable(new InMemoryDynamo(Clock.systemUTC()), "tenants"));
  final List<Client.Reply> replies = new CopyOnWriteArrayList<>();
  final AtomicInteger storeRequests = new AtomicInteger();
  private final AtomicLong ahead = new AtomicLong();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Door door;
  private volatile boolean responsesBroken;

  EmbeddingStack() {
    this(Duration.ZERO);
  }

  /**
   * @param window how long texts wait for those of other calls
   */
  EmbeddingStack(Duration window) {
    InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
    Log log =
        new Log(
            new PrintStream(lines, true, StandardCharsets.UTF_8),
            clock,
            "Weir",
            Map.of("environment", "dev"));
    Network cable =
        new Network() {
          @Override
          public void begin() {
            storeRequests.incrementAndGet();
          }

          @Override
          public boolean request() {
            return !responsesBroken;
          }
        };
    InMemoryDynamo dynamo = new InMemoryDynamo(clock).through(cable);
    EmbeddingFlow flow = flow(clock, log, dynamo, window);
    this.door =
        new Door(log, Ids.requests(new SecureRandom())) {
          @Override
          protected void serve(Exchange exchange, int remainingMillis) throws IOException {
            flow.serve(exchange, remainingMillis);
          }
        };
  }

  private EmbeddingFlow flow(InstantSource clock, Log log, InMemoryDynamo dynamo, Duration window) {
    KillSwitch killSwitch = new KillSwitch(switches, List::of, clock, SCHEDULER, log);
    InputGuard guard =
        new InputGuard(TestStack.catalog().guards(), Optional.of(new GuardrailRef("gr", "1")));
    RequestLines requestLines = new RequestLines(clock, log);
    Records records =
        new Records(
            ledger, audit, limiter, new CatalogDigest(TestStack.CATALOG), TestStack.quotas(log));
    Reservations reservations = new Reservations(limiter, Ids.calls(new SecureRandom()));
    Refusals refusals = new Refusals(reservations, requestLines, records);
    Executor executor = Executors.newFixedThreadPool(4, Thread.ofVirtual().factory());
    EmbeddingAttempts attempts =
        new EmbeddingAttempts(
            new EmbeddingAttempts.Tools(
                model,
                killSwitch,
                new Breakers(
                    new BreakerTable(dynamo, "breakers"),
                    new CircuitBreaker.Rules(5, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                    clock,
                    log),
                new RetryBudget(10, () -> -1),
                () -> Duration.ZERO,
                pause -> {},
                clock),
            target -> new Batches(target, window, SCHEDULER, executor));
    return new EmbeddingFlow(
        new EmbeddingFlow.Tools(
            new EmbeddingRequestReader(100_000, new TokenEstimate()::decode),
            new EmbeddingPlanner(
                TestStack.catalog(),
                new TokenEstimate(),
                new EmbeddingPlanner.Caps(5_000, 200_000),
                true,
                guard),
            new Gate(
                killSwitch,
                new Idempotency(
                    new ResponseTable(dynamo, "responses"), Duration.ofHours(24), clock, log),
                refusals),
            refusals,
            reservations,
            new EmbeddingAnswers(
                new EmbeddingAnswers.Tools(
                    reservations,
                    refusals,
                    new EmbeddingCache(new VectorTable(dynamo, "responses"), clock, log),
                    new RemoteGuard(guardrail, guard),
                    attempts,
                    new EmbeddingBooks(limiter, records, captures(clock), clock, requestLines))),
            new Times(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5), clock)));
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

  Client client(String tenantId) {
    return new Client(door, tenantId, replies);
  }

  /** From now on nothing reaches the table of responses. */
  void breakResponses() {
    responsesBroken = true;
  }

  String logged() {
    return lines.toString(StandardCharsets.UTF_8);
  }
}
