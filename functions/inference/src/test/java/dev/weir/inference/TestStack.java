package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.ResponsesReader;
import dev.weir.cache.ResponseCache;
import dev.weir.cache.SimilarCache;
import dev.weir.door.Door;
import dev.weir.model.ModelClient;
import dev.weir.route.Breakers;
import dev.weir.route.CircuitBreaker;
import dev.weir.route.RetryBudget;
import dev.weir.session.Lifetimes;
import dev.weir.session.Sessions;
import dev.weir.store.BreakerTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.NeighbourTable;
import dev.weir.store.Network;
import dev.weir.store.ResponseTable;
import dev.weir.store.SessionTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/** A chat flow on fakes: a scripted model, a remembering limiter and ledger, DynamoDB in memory. */
final class TestStack extends DoorStack {

  static final Lifetimes LIFETIMES = new Lifetimes(Duration.ofHours(3), Duration.ofDays(2));

  final ScriptedModel model = new ScriptedModel();
  final FakeEmbeddings vectors = new FakeEmbeddings();
  final FakeGuardrail guardrail = new FakeGuardrail();
  final FakeRetriever documents = new FakeRetriever();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final AtomicInteger sessionRequests = new AtomicInteger();
  final InMemoryDynamo sessionItems;
  private final Door door;
  private final Door responsesDoor;
  private final Door sessionsDoor;
  private volatile boolean sessionsBroken;

  TestStack() {
    this(() -> -1);
  }

  /**
   * @param random fills the retry budget: -1 for one retry at the first call, 0 for one at the
   *     tenth
   */
  TestStack(RandomGenerator random) {
    this(random, scripted -> scripted, Duration.ofSeconds(5));
  }

  /**
   * @param routed asks the scripted model, or others beside it
   * @param silence how long an attempt may be silent
   */
  TestStack(RandomGenerator random, UnaryOperator<ModelClient> routed, Duration silence) {
    ResponseCache cache = new ResponseCache(responses, clock, Thread::sleep, SCHEDULER, log);
    TokenEstimate estimate = new TokenEstimate();
    RemoteGuard remote = new RemoteGuard(guardrail, guard);
    Books books = new Books(limiter, records, cache, captures, clock, lines);
    Answers answers = new Answers(clock, Duration.ofSeconds(10), SCHEDULER, log);
    Breakers breakers =
        new Breakers(
            new BreakerTable(dynamo, "responses"),
            new CircuitBreaker.Rules(5, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            clock,
            log);
    Attempts attempts =
        new Attempts(
            new Attempts.Tools(
                routed.apply(model),
                killSwitch,
                breakers,
                new RetryBudget(10, random),
                () -> Duration.ZERO,
                pauses::add,
                clock,
                remote,
                new Billing(estimate)));
    ChatFlow flow =
        new ChatFlow(
            new ChatFlow.Tools(
                new ChatRequestReader(100_000),
                new ChatPlanner(catalog(), estimate, 5_000, 1_000, true, guard),
                gate,
                refusals,
                reservations,
                cache,
                new KeptAnswers(reservations, refusals, answers, books, clock),
                new PaidAnswers(
                    new PaidAnswers.Tools(
                        reservations,
                        refusals,
                        cache,
                        new Retrieval(documents, killSwitch, breakers, guard, estimate, clock),
                        remote,
                        attempts,
                        answers,
                        new StaleAnswers(answers, clock),
                        similar(estimate),
                        clock,
                        books)),
                new Times(Duration.ofSeconds(30), silence, silence, clock)));
    Network sessionCable =
        new Network() {
          @Override
          public void begin() {
            sessionRequests.incrementAndGet();
          }

          @Override
          public boolean request() {
            return !sessionsBroken;
          }
        };
    this.sessionItems = new InMemoryDynamo(clock).through(sessionCable);
    Sessions sessions = new Sessions(new SessionTable(sessionItems, "sessions"), clock, log);
    ResponsesReader reader = new ResponsesReader(100_000);
    ResponsesFlow responsesFlow =
        new ResponsesFlow(
            new ResponsesFlow.Tools(
                reader,
                new Recollection(
                    sessions, catalog(), estimate, new Recollection.Bounds(200, 5_000), clock, log),
                sessions,
                LIFETIMES,
                true,
                estimate,
                limiter,
                refusals,
                flow,
                new Times(
                    Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5), clock),
                log));
    SessionsFlow sessionsFlow =
        new SessionsFlow(
            new SessionsFlow.Tools(
                new SessionRoutes(
                    sessions,
                    LIFETIMES,
                    true,
                    reader,
                    new InputGuard(catalog().guards(), Optional.empty()),
                    estimate,
                    clock),
                gate,
                refusals,
                reservations,
                records,
                lines,
                new Times(
                    Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5), clock),
                log));
    this.sessionsDoor = door(sessionsFlow::serve);
    this.responsesDoor = door(responsesFlow::serve);
    this.door = door(flow::serve);
  }

  private SimilarAnswers similar(TokenEstimate estimate) {
    return new SimilarAnswers(
        () ->
            new SimilarCache(
                new NeighbourTable(dynamo, "responses"),
                new ResponseTable(dynamo, "responses"),
                clock,
                log),
        () ->
            new EmbeddingAttempts(
                new EmbeddingAttempts.Tools(
                    vectors,
                    killSwitch,
                    new Breakers(
                        new BreakerTable(dynamo, "breakers"),
                        new CircuitBreaker.Rules(5, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                        clock,
                        log),
                    new RetryBudget(0, () -> 0),
                    () -> Duration.ZERO,
                    pause -> {},
                    clock),
                target ->
                    new Batches(
                        target,
                        Duration.ZERO,
                        SCHEDULER,
                        Executors.newVirtualThreadPerTaskExecutor())),
        killSwitch,
        estimate,
        clock);
  }

  Client client(String tenantId) {
    return new Client(door, tenantId, replies);
  }

  /** A client of {@code POST /v1/responses}. */
  Client responses(String tenantId) {
    return new Client(responsesDoor, tenantId, replies);
  }

  /** Asks a route to what is kept. */
  Client.Reply route(
      String tenantId, String method, String resource, Map<String, String> path, String body) {
    return sessions(tenantId).ask(method, resource, path, Map.of(), body);
  }

  /** A client of the routes to what is kept. */
  Client sessions(String tenantId) {
    return new Client(sessionsDoor, tenantId, replies);
  }

  /** Puts a record there that is larger than is kept nowadays. */
  String oversized(String tenantId, String id) {
    return stored(tenantId, id, "\"" + "a".repeat(Sessions.LARGEST) + "\"");
  }

  /** Puts a record there. */
  String stored(String tenantId, String id, String json) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SessionTable.Row row =
        new SessionTable.Row(
            tenantId + "#" + id,
            0,
            0,
            System.currentTimeMillis(),
            Long.MAX_VALUE,
            packed.toByteArray());
    new SessionTable(sessionItems, "sessions").write(List.of(row), "t");
    return id;
  }

  /** From now on nothing reaches the table of sessions. */
  void breakSessions() {
    sessionsBroken = true;
  }

  /** From now on everything reaches the table of sessions again. */
  void mendSessions() {
    sessionsBroken = false;
  }

  boolean lastReplyClosed() {
    return replies.getLast().closed;
  }
}
