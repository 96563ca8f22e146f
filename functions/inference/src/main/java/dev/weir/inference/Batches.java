package dev.weir.inference;

import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.ledger.Shares;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import dev.weir.route.EmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Puts the texts of several calls that this environment serves at once into one request to the
 * model, where the model takes several. Each call gets its own vectors and its exact share of the
 * tokens; what is wrong with one call's texts fails no other. Thread-safe.
 */
final class Batches {

  private final Target target;
  private final Duration window;
  private final ScheduledExecutorService scheduler;
  private final Executor executor;
  private final Map<Lane, List<Piece>> waiting = new HashMap<>();

  /** Asks a model, with what retries there may be. */
  interface Target {
    Asked ask(EmbeddingCall call, Deadline deadline);
  }

  /**
   * What became of one request.
   *
   * @param attempts made for it, 0 when none was allowed
   */
  record Asked(Reply reply, int attempts) {}

  /** Texts that may share a request: those of one lane. */
  record Lane(EmbeddingCall like) {

    static Lane of(EmbeddingPlan plan) {
      return of(plan.model(), plan.dimensions(), plan.inputType());
    }

    static Lane of(EmbeddingModel model, int dimensions, Optional<InputType> inputType) {
      return new Lane(
          new EmbeddingCall(model.target(), model.family(), List.of(), dimensions, inputType));
    }

    int most() {
      return like.family().batch();
    }

    EmbeddingCall call(List<Piece> pieces) {
      return new EmbeddingCall(
          like.modelId(),
          like.family(),
          pieces.stream().flatMap(piece -> piece.texts.stream()).toList(),
          like.dimensions(),
          like.inputType());
    }
  }

  /**
   * What one call got of a request.
   *
   * @param tokens of each text; empty when there are no vectors
   * @param isEstimated whether the model did not say, so that they are our bounds
   */
  record Part(Reply reply, long[] tokens, boolean isEstimated, int attempts) {}

  /** Texts of one call that go together, at most as many as the model takes at once. */
  static final class Piece {
    private final List<String> texts;
    private final long[] bounds;
    private final Deadline deadline;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Part> done = new CompletableFuture<>();

    /**
     * @param bounds upper bounds of each text's tokens
     */
    Piece(List<String> texts, long[] bounds, Deadline deadline) {
      this.texts = texts;
      this.bounds = bounds;
      this.deadline = deadline;
    }

    CompletableFuture<Part> done() {
      return done;
    }

    /** Takes it back, if nothing has been asked for it yet. */
    boolean withdraw() {
      return begun.compareAndSet(false, true);
    }

    int size() {
      return texts.size();
    }

    private boolean begin() {
      return begun.compareAndSet(false, true);
    }
  }

  /**
   * @param window how long the first texts of a request wait for more; zero: none wait
   */
  Batches(Target target, Duration window, ScheduledExecutorService scheduler, Executor executor) {
    this.target = target;
    this.window = window;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  /** Asks for a piece's vectors, now or with others. */
  void submit(Lane lane, Piece piece) {
    if (window.isZero() || piece.size() == lane.most()) {
      executor.execute(() -> run(lane, List.of(piece)));
      return;
    }
    synchronized (waiting) {
      List<Piece> before = waiting.getOrDefault(lane, List.of());
      if (before.stream().mapToInt(Piece::size).sum() + piece.size() > lane.most()) {
        flush(lane, before);
      }
      List<Piece> pieces = waiting.computeIfAbsent(lane, _ -> new ArrayList<>());
      pieces.add(piece);
      if (pieces.size() == 1) {
        var first = pieces;
        scheduler.schedule(() -> flush(lane, first), window.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Unless they are on their way already, because more came than fit. */
  private void flush(Lane lane, List<Piece> pieces) {
    synchronized (waiting) {
      if (waiting.get(lane) == pieces) {
        waiting.remove(lane);
        executor.execute(() -> run(lane, pieces));
      }
    }
  }

  private void run(Lane lane, List<Piece> pieces) {
    List<Piece> begun = pieces.stream().filter(Piece::begin).toList();
    if (!begun.isEmpty()) {
      ask(lane, begun);
    }
  }

  private void ask(Lane lane, List<Piece> pieces) {
    Deadline latest =
        pieces.stream()
            .map(piece -> piece.deadline)
            .max(Comparator.comparingLong(Deadline::endMillis))
            .orElseThrow();
    Asked asked;
    try {
      asked = target.ask(lane.call(pieces), latest);
    } catch (RuntimeException e) {
      // Whoever waits throws it, as if it had asked itself.
      pieces.forEach(piece -> piece.done.completeExceptionally(e));
      return;
    }
    if (pieces.size() > 1 && isAboutATextOf(asked.reply())) {
      // Nobody knows whose: each call's own texts are asked for alone.
      pieces.forEach(piece -> executor.execute(() -> ask(lane, List.of(piece))));
    } else {
      split(pieces, asked);
    }
  }

  private static boolean isAboutATextOf(Reply reply) {
    return reply instanceof Reply.Failed(Fault fault)
        && (fault.kind() == Fault.Kind.INVALID || fault.kind() == Fault.Kind.REFUSED);
  }

  private static void split(List<Piece> pieces, Asked asked) {
    switch (asked.reply()) {
      case Reply.Failed failed ->
          pieces.forEach(
              piece -> piece.done.complete(new Part(failed, new long[0], false, asked.attempts())));
      case Reply.Vectors vectors -> {
        long[] bounds =
            pieces.stream().flatMapToLong(piece -> Arrays.stream(piece.bounds)).toArray();
        long[] tokens =
            vectors.tokens().isPresent() ? Shares.of(vectors.tokens().getAsLong(), bounds) : bounds;
        int from = 0;
        for (Piece piece : pieces) {
          int to = from + piece.size();
          piece.done.complete(
              new Part(
                  new Reply.Vectors(vectors.vectors().subList(from, to), vectors.tokens()),
                  Arrays.copyOfRange(tokens, from, to),
                  vectors.tokens().isEmpty(),
                  asked.attempts()));
          from = to;
        }
      }
    }
  }
}
