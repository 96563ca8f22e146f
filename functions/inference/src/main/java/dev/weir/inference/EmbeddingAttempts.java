package dev.weir.inference;

import dev.weir.cache.EmbeddingKey;
import dev.weir.cache.ResponseCache;
import dev.weir.inference.EmbeddingPlan.Input;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Target;
import dev.weir.killswitch.Watch;
import dev.weir.model.Embedding;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import dev.weir.route.Breakers;
import dev.weir.route.Deadline;
import dev.weir.route.NextStep;
import dev.weir.route.RetryBudget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Gatherers;

/**
 * Asks an embedding model for vectors, in as many requests as it takes. There is no other model to
 * go to: a vector of another model is of no use. Thread-safe.
 */
final class EmbeddingAttempts {

  /** One, and one repetition of what has certainly not run. */
  private static final int MOST_ATTEMPTS = 2;

  private final Tools tools;
  private final Batches batches;

  /** What an attempt works with. */
  record Tools(
      EmbeddingClient client,
      KillSwitch killSwitch,
      Breakers breakers,
      RetryBudget budget,
      Supplier<Duration> backoff,
      ResponseCache.Sleeper sleeper,
      InstantSource clock) {}

  /** Puts requests of several calls together. */
  interface Batching {
    Batches of(Batches.Target target);
  }

  /**
   * What one call got.
   *
   * @param vectors those that came, all where there is no fault
   * @param tokens charged
   * @param isEstimated whether some of them are our bound
   * @param attempts upstream requests made for it
   */
  record Answered(
      Map<EmbeddingKey, Embedding> vectors,
      Optional<Fault> fault,
      long tokens,
      boolean isEstimated,
      int attempts) {}

  EmbeddingAttempts(Tools tools, Batching batching) {
    this.tools = tools;
    this.batches = batching.of(this::attempt);
  }

  /**
   * Asks until all have come, one has failed, the time is over or a switch ends it.
   *
   * @param switches what must stay on meanwhile
   */
  Answered ask(
      Set<Target> switches, Deadline deadline, Batches.Lane lane, Map<EmbeddingKey, Input> inputs) {
    tools.budget().deposit();
    Gathering gathering = new Gathering(deadline);
    try (Watch watch = tools.killSwitch().watch(switches)) {
      inputs.entrySet().stream().gather(Gatherers.windowFixed(lane.most())).forEach(gathering::add);
      gathering.pieces.values().forEach(piece -> batches.submit(lane, piece));
      gathering.await();
      return gathering.answered(watch);
    }
  }

  private Batches.Asked attempt(EmbeddingCall call, Deadline deadline) {
    for (int attempts = 1; ; attempts++) {
      OptionalLong shut = tools.breakers().refusal(call.modelId(), false);
      if (shut.isPresent()) {
        return new Batches.Asked(new Reply.Failed(shut(shut.getAsLong())), attempts - 1);
      }
      Reply reply = tools.client().embed(call, deadline);
      tell(call.modelId(), reply);
      if (!(reply instanceof Reply.Failed(Fault fault)) || !isRepeated(fault, attempts, deadline)) {
        return new Batches.Asked(reply, attempts);
      }
    }
  }

  private Fault shut(long untilMillis) {
    return new Fault(
        Fault.Kind.UNAVAILABLE,
        "BreakerOpen",
        Optional.of(Duration.ofMillis(Math.max(1, untilMillis - tools.clock().millis()))));
  }

  private void tell(String target, Reply reply) {
    if (!(reply instanceof Reply.Failed(Fault fault)) || fault.breakerPoints() == 0) {
      tools.breakers().answered(target);
    } else {
      tools
          .breakers()
          .failed(target, fault.breakerPoints(), fault.retryAfter().orElse(Duration.ZERO));
    }
  }

  /** Waits for the repetition, if there is one: only of what cannot have run, so is not charged. */
  private boolean isRepeated(Fault fault, int attempts, Deadline deadline) {
    Duration jitter = tools.backoff().get();
    Duration pause = fault.retryAfter().filter(wait -> wait.compareTo(jitter) > 0).orElse(jitter);
    NextStep.Sofar sofar =
        new NextStep.Sofar(attempts, MOST_ATTEMPTS, attempts, pause, deadline.remaining());
    if (!Billing.isUnused(fault)
        || !NextStep.after(fault.reaction(), sofar).contains(NextStep.Move.RETRY)
        || !tools.budget().take()) {
      return false;
    }
    try {
      tools.sleeper().sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The pieces of one call, and what comes of them. One call, one thread. */
  private static final class Gathering {
    private final Deadline deadline;
    private final Map<List<Map.Entry<EmbeddingKey, Input>>, Batches.Piece> pieces =
        new LinkedHashMap<>();
    private final Map<EmbeddingKey, Embedding> vectors = new LinkedHashMap<>();
    private Optional<Fault> fault = Optional.empty();
    private long tokens;
    private boolean isEstimated;
    private int attempts;

    private Gathering(Deadline deadline) {
      this.deadline = deadline;
    }

    void add(List<Map.Entry<EmbeddingKey, Input>> inputs) {
      pieces.put(
          inputs,
          new Batches.Piece(
              inputs.stream().map(input -> input.getValue().text()).toList(),
              inputs.stream().mapToLong(input -> input.getValue().tokens()).toArray(),
              deadline));
    }

    void await() {
      pieces.forEach((inputs, piece) -> {
        if (fault.isEmpty() || !piece.withdraw()) {
          try {
            take(inputs, piece.done().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
          } catch (TimeoutException e) {
            lose(inputs, piece, Fault.of(Fault.Kind.DEADLINE, "RequestDeadline"));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lose(inputs, piece, Fault.of(Fault.Kind.CANCELLED, "Interrupted"));
          } catch (ExecutionException e) {
            throw new IllegalStateException("a request to the model failed", e.getCause());
          }
        }
      });
    }

    private void take(List<Map.Entry<EmbeddingKey, Input>> inputs, Batches.Part part) {
      attempts += part.attempts();
      switch (part.reply()) {
        case Reply.Vectors(var all, var _) -> {
          isEstimated |= part.isEstimated();
          for (int i = 0; i < inputs.size(); i++) {
            tokens += part.tokens()[i];
            vectors.put(inputs.get(i).getKey(), new Embedding(all.get(i), part.tokens()[i]));
          }
        }
        case Reply.Failed(Fault failed) -> {
          if (!Billing.isUnused(failed)) {
            charge(inputs);
          }
          fault = fault.or(() -> Optional.of(failed));
        }
      }
    }

    /** Nobody waits for it any more; if it was asked, it may have run. */
    private void lose(List<Map.Entry<EmbeddingKey, Input>> inputs, Batches.Piece piece, Fault why) {
      if (!piece.withdraw()) {
        attempts++;
        charge(inputs);
      }
      fault = fault.or(() -> Optional.of(why));
    }

    private void charge(List<Map.Entry<EmbeddingKey, Input>> inputs) {
      isEstimated = true;
      tokens += inputs.stream().mapToLong(input -> input.getValue().tokens()).sum();
    }

    Answered answered(Watch watch) {
      Optional<Fault> why =
          fault.map(found ->
              watch
                  .off()
                  .map(off -> Fault.of(Fault.Kind.SWITCHED_OFF, off.target().text()))
                  .orElse(found));
      return new Answered(vectors, why, tokens, isEstimated, attempts);
    }
  }
}
