package dev.weir.inference;

import dev.weir.admission.TenantLimiter;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.api.ResponsesReader;
import dev.weir.audit.AuditLog;
import dev.weir.cache.EmbeddingCache;
import dev.weir.cache.ResponseCache;
import dev.weir.cache.SimilarCache;
import dev.weir.door.AuditLogs;
import dev.weir.door.Ids;
import dev.weir.door.Settings;
import dev.weir.endpoint.EndpointCatalog;
import dev.weir.idempotency.Idempotency;
import dev.weir.inference.bedrock.BedrockClient;
import dev.weir.inference.bedrock.GuardrailClient;
import dev.weir.inference.bedrock.InvokeModelClient;
import dev.weir.inference.bedrock.KnowledgeBaseClient;
import dev.weir.inference.sagemaker.EndpointClient;
import dev.weir.inference.sagemaker.Objects;
import dev.weir.inference.sagemaker.SageMakerClient;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.SwitchParameter;
import dev.weir.killswitch.Switches;
import dev.weir.ledger.Ledger;
import dev.weir.route.Backoff;
import dev.weir.route.Breakers;
import dev.weir.route.ModelCatalog;
import dev.weir.route.RetryBudget;
import dev.weir.session.Lifetimes;
import dev.weir.session.Sessions;
import dev.weir.store.AuditTable;
import dev.weir.store.BreakerTable;
import dev.weir.store.DynamoDb;
import dev.weir.store.LedgerTable;
import dev.weir.store.NeighbourTable;
import dev.weir.store.NoticeTable;
import dev.weir.store.ParameterStore;
import dev.weir.store.PayloadBucket;
import dev.weir.store.ResponseTable;
import dev.weir.store.SessionTable;
import dev.weir.store.SwitchTable;
import dev.weir.store.VectorTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.TenantDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the doors of this family are made of, put together once per environment. */
final class Wiring {

  private static final String NAMESPACE = "Weir";

  private final Settings settings;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final DynamoDb dynamoDb = new DynamoDb(System.getenv());
  private final DynamoDbClient dynamo = dynamoDb.standard();
  private final BedrockClient bedrock = new BedrockClient(System.getenv());
  private final GuardrailClient guardrail = new GuardrailClient(System.getenv());
  private final KnowledgeBaseClient knowledge = new KnowledgeBaseClient(System.getenv());
  private final Log log;
  private final ModelCatalog catalog;
  private final Supplier<String> catalogDigest;

  private Wiring(Settings settings) {
    this.settings = settings;
    this.log = new Log(System.out, clock, NAMESPACE, Map.of("environment", settings.environment()));
    this.catalog =
        ModelCatalog.read(settings.catalog(), System.getenv().getOrDefault("AWS_REGION", ""));
    this.catalogDigest = new CatalogDigest(settings.catalog());
  }

  /**
   * Reads the environment variables.
   *
   * @throws IllegalArgumentException naming the variable and its allowed values
   */
  static Wiring fromEnvironment() {
    return new Wiring(Settings.read(System.getenv()));
  }

  Settings settings() {
    return settings;
  }

  Log log() {
    return log;
  }

  Clock clock() {
    return clock;
  }

  ModelCatalog catalog() {
    return catalog;
  }

  Supplier<String> requestIds() {
    return Ids.requests(random);
  }

  TenantDirectory directory() {
    return TenantDirectory.of(dynamo, settings.tenantsTable(), clock, random);
  }

  Ledger ledger() {
    return new LedgerTable(dynamo, settings.ledgerTable(), Duration.ofDays(settings.ledgerDays()));
  }

  /** What keeps the decisions of every paid door. */
  private Records records(TenantLimiter limiter) {
    return new Records(
        ledger(), audit(), limiter, catalogDigest, new QuotaUse(catalog.capacities(), log));
  }

  private Captures captures(TenantLimiter limiter) {
    return new Captures(
        settings
            .captureBucket()
            .map(bucket -> new PayloadBucket(bucket, System.getenv()))
            .map(bucket -> bucket::put),
        limiter,
        clock);
  }

  private AuditLog audit() {
    AuditTable table = new AuditTable(dynamo, settings.ledgerTable());
    return AuditLogs.of(settings.audit(), table, clock, random, log);
  }

  TenantLimiter limiter() {
    return new TenantLimiter(
        dynamoDb.limiter(settings.limiter().timeout()),
        settings.tenantsTable(),
        clock,
        System::nanoTime,
        settings.limiter(),
        alarm -> log.write(LimiterLine.of(alarm)),
        new BudgetRecorder(new NoticeTable(dynamo, settings.ledgerTable()), log));
  }

  private Reservations reservations(TenantLimiter limiter) {
    return new Reservations(limiter, Ids.calls(random));
  }

  Switches switches() {
    return new Switches(new SwitchTable(dynamo, settings.tenantsTable()));
  }

  /** The second lever, where the stack has one. */
  private static Supplier<List<Off>> lever() {
    String parameter = System.getenv().getOrDefault("WEIR_SWITCH_PARAMETER", "");
    return parameter.isEmpty()
        ? List::of
        : new SwitchParameter(new ParameterStore(System.getenv()), parameter)::off;
  }

  /** What every paid door asks before it begins, and while it runs. */
  private KillSwitch killSwitch(ScheduledExecutorService scheduler) {
    return new KillSwitch(switches(), lever(), clock, scheduler, log);
  }

  ChatFlow chatFlow() {
    TenantLimiter limiter = limiter();
    return chatFlow(limiter, new TokenEstimate(), records(limiter));
  }

  ResponsesFlow responsesFlow() {
    TenantLimiter limiter = limiter();
    TokenEstimate estimate = new TokenEstimate();
    Records records = records(limiter);
    Sessions sessions = sessions();
    return new ResponsesFlow(
        new ResponsesFlow.Tools(
            new ResponsesReader((int) settings.maxBodyBytes()),
            new Recollection(
                sessions,
                catalog,
                estimate,
                new Recollection.Bounds(settings.sessions().tokens(), settings.maxPromptTokens()),
                clock,
                log),
            sessions,
            lifetimes(),
            settings.sessions().on(),
            estimate,
            limiter,
            new Refusals(reservations(limiter), new RequestLines(clock, log), records),
            chatFlow(limiter, estimate, records),
            times(),
            log));
  }

  SessionsFlow sessionsFlow() {
    TenantLimiter limiter = limiter();
    RequestLines lines = new RequestLines(clock, log);
    Records records = records(limiter);
    Reservations reservations = reservations(limiter);
    Refusals refusals = new Refusals(reservations, lines, records);
    return new SessionsFlow(
        new SessionsFlow.Tools(
            new SessionRoutes(
                sessions(),
                lifetimes(),
                settings.sessions().on(),
                new ResponsesReader((int) settings.maxBodyBytes()),
                // The Bedrock guardrail judges items with the turn that a model is told of them.
                new InputGuard(catalog.guards(), Optional.empty()),
                new TokenEstimate(),
                clock),
            new Gate(killSwitch(scheduler()), idempotency(), refusals),
            refusals,
            reservations,
            records,
            lines,
            times(),
            log));
  }

  private Sessions sessions() {
    return new Sessions(new SessionTable(dynamo, settings.sessions().table()), clock, log);
  }

  private Lifetimes lifetimes() {
    return new Lifetimes(settings.sessions().idle(), settings.sessions().whole());
  }

  private Times times() {
    return new Times(settings.requestTime(), settings.firstContent(), settings.idle(), clock);
  }

  private ChatFlow chatFlow(TenantLimiter limiter, TokenEstimate estimate, Records records) {
    ScheduledExecutorService scheduler = scheduler();
    ResponseCache cache =
        new ResponseCache(
            new ResponseTable(dynamo, settings.responsesTable(), catalog.longestStale()),
            clock,
            Thread::sleep,
            scheduler,
            log);
    KillSwitch killSwitch = killSwitch(scheduler);
    InputGuard guard = new InputGuard(catalog.guards(), settings.guardrail());
    RemoteGuard remote = new RemoteGuard(guardrail, guard);
    Breakers breakers = breakers();
    RequestLines lines = new RequestLines(clock, log);
    Reservations reservations = reservations(limiter);
    Refusals refusals = new Refusals(reservations, lines, records);
    Books books = new Books(limiter, records, cache, captures(limiter), clock, lines);
    Answers answers = new Answers(clock, settings.heartbeat(), scheduler, log);
    return new ChatFlow(
        new ChatFlow.Tools(
            reader(),
            new ChatPlanner(
                catalog,
                estimate,
                settings.maxPromptTokens(),
                settings.maxOutputTokens(),
                settings.cache(),
                guard),
            new Gate(killSwitch, idempotency(), refusals),
            refusals,
            reservations,
            cache,
            new KeptAnswers(reservations, refusals, answers, books, clock),
            new PaidAnswers(
                new PaidAnswers.Tools(
                    reservations,
                    refusals,
                    cache,
                    new Retrieval(knowledge, killSwitch, breakers, guard, estimate, clock),
                    remote,
                    attempts(killSwitch, breakers, remote, new Billing(estimate)),
                    answers,
                    new StaleAnswers(answers, clock),
                    new SimilarAnswers(
                        this::similarCache,
                        () -> embeddingAttempts(killSwitch, scheduler),
                        killSwitch,
                        estimate,
                        clock),
                    clock,
                    books)),
            times()));
  }

  /** Made by the door that uses it: no other pays for its classes. */
  EmbeddingFlow embeddingFlow() {
    ScheduledExecutorService scheduler = scheduler();
    TokenEstimate estimate = new TokenEstimate();
    TenantLimiter limiter = limiter();
    KillSwitch killSwitch = killSwitch(scheduler);
    InputGuard guard = new InputGuard(catalog.guards(), settings.guardrail());
    RequestLines lines = new RequestLines(clock, log);
    Records records = records(limiter);
    Reservations reservations = reservations(limiter);
    Refusals refusals = new Refusals(reservations, lines, records);
    return new EmbeddingFlow(
        new EmbeddingFlow.Tools(
            embeddingReader(),
            new EmbeddingPlanner(
                catalog,
                estimate,
                new EmbeddingPlanner.Caps(
                    settings.maxPromptTokens(), settings.embeddings().maxReplyBytes()),
                settings.cache(),
                guard),
            new Gate(killSwitch, idempotency(), refusals),
            refusals,
            reservations,
            new EmbeddingAnswers(
                new EmbeddingAnswers.Tools(
                    reservations,
                    refusals,
                    new EmbeddingCache(
                        new VectorTable(dynamo, settings.responsesTable()), clock, log),
                    new RemoteGuard(guardrail, guard),
                    embeddingAttempts(killSwitch, scheduler),
                    new EmbeddingBooks(limiter, records, captures(limiter), clock, lines))),
            times()));
  }

  private SimilarCache similarCache() {
    return new SimilarCache(
        new NeighbourTable(dynamo, settings.responsesTable()),
        new ResponseTable(dynamo, settings.responsesTable()),
        clock,
        log);
  }

  private EmbeddingAttempts embeddingAttempts(
      KillSwitch killSwitch, ScheduledExecutorService scheduler) {
    Executor executor =
        Executors.newFixedThreadPool(
            settings.embeddings().parallel(),
            Thread.ofVirtual().name("weir-vectors-", 0).factory());
    return new EmbeddingAttempts(
        new EmbeddingAttempts.Tools(
            new InvokeModelClient(System.getenv()),
            killSwitch,
            breakers(),
            new RetryBudget(settings.retryBudgetPercent(), random),
            new Backoff(random),
            Thread::sleep,
            clock),
        target -> new Batches(target, settings.embeddings().window(), scheduler, executor));
  }

  Priming embeddingPriming() {
    return priming(new EmbeddingPath(embeddingReader(), new InvokeModelClient(System.getenv())));
  }

  private EmbeddingRequestReader embeddingReader() {
    return new EmbeddingRequestReader((int) settings.maxBodyBytes(), new TokenEstimate()::decode);
  }

  /** What is cancelled is let go at once: most answers are over long before their timers. */
  private static ScheduledExecutorService scheduler() {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(
            2, Thread.ofPlatform().daemon().name("weir-timer-", 0).factory());
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }

  private Idempotency idempotency() {
    return new Idempotency(
        new ResponseTable(dynamo, settings.responsesTable()), settings.idempotency(), clock, log);
  }

  private Breakers breakers() {
    return new Breakers(
        new BreakerTable(dynamo, settings.responsesTable()), settings.breaker(), clock, log);
  }

  private Attempts attempts(
      KillSwitch killSwitch, Breakers breakers, RemoteGuard remote, Billing billing) {
    return new Attempts(
        new Attempts.Tools(
            new RoutedModels(bedrock, () -> new SageMakerClient(System.getenv())),
            killSwitch,
            breakers,
            new RetryBudget(settings.retryBudgetPercent(), random),
            new Backoff(random),
            Thread::sleep,
            clock,
            remote,
            billing));
  }

  EndpointFlow endpointFlow() {
    TenantLimiter limiter = limiter();
    KillSwitch killSwitch = killSwitch(scheduler());
    RequestLines lines = new RequestLines(clock, log);
    Records records = records(limiter);
    Reservations reservations = reservations(limiter);
    Refusals refusals = new Refusals(reservations, lines, records);
    EndpointBooks books = new EndpointBooks(limiter, records, captures(limiter), clock, lines);
    Optional<AsyncInvocations> async =
        Optional.of(System.getenv().getOrDefault("WEIR_ENDPOINT_BUCKET", ""))
            .filter(bucket -> !bucket.isEmpty())
            .map(bucket ->
                new AsyncInvocations(
                    new ResponseTable(dynamo, settings.responsesTable()),
                    new Objects(bucket, System.getenv()),
                    clock));
    return new EndpointFlow(
        new EndpointFlow.Tools(
            EndpointCatalog.read(settings.catalog(), catalog.guards()),
            new EndpointPlanner(catalog.guards()),
            new Gate(killSwitch, idempotency(), refusals),
            refusals,
            reservations,
            async,
            new Invoking(
                new Invoking.Tools(
                    new EndpointClient(System.getenv()),
                    breakers(),
                    killSwitch,
                    async,
                    books,
                    clock)),
            books,
            times()));
  }

  Priming chatPriming() {
    return priming(new ChatPath(reader(), bedrock));
  }

  private Priming priming(Runnable path) {
    return new Priming(path, directory(), catalog.guards(), log);
  }

  private ChatRequestReader reader() {
    return new ChatRequestReader((int) settings.maxBodyBytes());
  }

  /** One line at every start, so that a misconfigured environment shows what it runs with. */
  void announce(String door) {
    log.write(
        Line.info("started")
            .with("door", door)
            .with("models", catalog.all().size())
            .with("cache", settings.cache()));
  }
}
