package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.cache.EmbeddingCache;
import dev.weir.door.Door;
import dev.weir.route.Breakers;
import dev.weir.route.CircuitBreaker;
import dev.weir.route.RetryBudget;
import dev.weir.store.BreakerTable;
import dev.weir.store.VectorTable;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The embeddings door on fakes, as {@link TestStack} is the chat door. */
final class EmbeddingStack extends DoorStack {

  final FakeEmbeddings model = new FakeEmbeddings();
  final FakeGuardrail guardrail = new FakeGuardrail();
  private final Door door;

  EmbeddingStack() {
    this(Duration.ZERO);
  }

  /**
   * @param window how long texts wait for those of other calls
   */
  EmbeddingStack(Duration window) {
    this.door = door(flow(window)::serve);
  }

  private EmbeddingFlow flow(Duration window) {
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
                catalog(),
                new TokenEstimate(),
                new EmbeddingPlanner.Caps(5_000, 200_000),
                true,
                guard),
            gate,
            refusals,
            reservations,
            new EmbeddingAnswers(
                new EmbeddingAnswers.Tools(
                    reservations,
                    refusals,
                    new EmbeddingCache(new VectorTable(dynamo, "responses"), clock, log),
                    new RemoteGuard(guardrail, guard),
                    attempts,
                    new EmbeddingBooks(limiter, records, captures, clock, lines))),
            new Times(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5), clock)));
  }

  Client client(String tenantId) {
    return new Client(door, tenantId, replies);
  }
}
