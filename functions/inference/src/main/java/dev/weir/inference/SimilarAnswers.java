package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.cache.CacheKey;
import dev.weir.cache.EmbeddingKey;
import dev.weir.cache.SimilarCache;
import dev.weir.cache.SimilarQuestion;
import dev.weir.inference.EmbeddingAttempts.Answered;
import dev.weir.inference.EmbeddingPlan.Input;
import dev.weir.killswitch.KillSwitch;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Usage;
import dev.weir.model.Embedding;
import dev.weir.model.Ending;
import dev.weir.route.Deadline;
import dev.weir.route.EmbeddingModel;
import dev.weir.route.PromptCache;
import dev.weir.route.Similar;
import dev.weir.route.Target;
import dev.weir.tenant.EstimateMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks for the answer to a question that was asked in other words, for models whose catalog row
 * wants that. Whatever fails is a miss. Thread-safe.
 */
final class SimilarAnswers {

  /** A question that takes longer to place is better asked. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final EmbeddingKey QUESTION = new EmbeddingKey("question");

  /** Embedding models wrap a text in a few tokens of their own. */
  private static final long PER_TEXT = 4;

  private final Supplier<SimilarCache> cacheMaker;
  private final Supplier<EmbeddingAttempts> attemptsMaker;
  private final KillSwitch killSwitch;
  private final TokenEstimate estimate;
  private final InstantSource clock;
  private Optional<Tools> made = Optional.empty();

  private record Tools(SimilarCache cache, EmbeddingAttempts attempts) {}

  /**
   * A question that may be looked for.
   *
   * @param tokens upper bound of what its vector takes
   */
  record Asking(SimilarQuestion question, Similar similar, long tokens) {

    Cost bound() {
      return similar.embedding().price().bound(tokens, 0);
    }
  }

  /** A question in its place among the others, and the answer to a similar one. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Placed(Asking asking, float[] vector, Optional<SimilarCache.Match> match) {}

  /**
   * @param cacheMaker called once, when a model wants it
   * @param attemptsMaker called once, when a model wants it
   */
  SimilarAnswers(
      Supplier<SimilarCache> cacheMaker,
      Supplier<EmbeddingAttempts> attemptsMaker,
      KillSwitch killSwitch,
      TokenEstimate estimate,
      InstantSource clock) {
    this.cacheMaker = cacheMaker;
    this.attemptsMaker = attemptsMaker;
    this.killSwitch = killSwitch;
    this.estimate = estimate;
    this.clock = clock;
  }

  /** The plan's question, where its model wants similar ones to share answers. */
  Optional<Asking> asking(Visit visit, ChatPlan plan) {
    return plan.model()
        .cache()
        .similar()
        // What is looked up for a question may differ from that for one like it.
        .filter(_ -> plan.cacheable() && plan.model().retrieval().isEmpty())
        .flatMap(similar ->
            SimilarQuestion.of(
                    visit.tenantId(),
                    plan.model(),
                    similar,
                    plan.maxTokens(),
                    plan.request(),
                    plan.guards().versions())
                .map(question ->
                    new Asking(
                        question,
                        similar,
                        PER_TEXT + estimate.text(question.text(), EstimateMode.BYTES))));
  }

  /** Makes the question's vector, notes what that cost, and looks around it. */
  Optional<Placed> place(Visit visit, Asking asking, Hops hops) {
    Similar similar = asking.similar();
    if (!(killSwitch.check(
            Set.of(
                new dev.weir.killswitch.Target(
                    dev.weir.killswitch.Target.Kind.MODEL, similar.embedding().id())))
        instanceof KillSwitch.Check.On)) {
      return Optional.empty();
    }
    long start = clock.millis();
    Answered answered =
        tools()
            .attempts()
            .ask(
                visit.switches(),
                deadline(visit.deadline()),
                Batches.Lane.of(
                    similar.embedding(),
                    similar.dimensions(),
                    similar.embedding().family().inputType()),
                Map.of(QUESTION, new Input(asking.question().text(), asking.tokens())));
    if (answered.attempts() > 0) {
      hops.aside(hop(similar.embedding(), answered, clock.millis() - start));
    }
    return Optional.ofNullable(answered.vectors().get(QUESTION))
        .map(Embedding::vector)
        .map(vector ->
            new Placed(asking, vector, tools().cache().find(asking.question(), similar, vector)));
  }

  /** Remembers a question whose answer has been kept. */
  void remember(Placed placed, CacheKey answer) {
    tools()
        .cache()
        .remember(placed.asking().question(), placed.asking().similar(), placed.vector(), answer);
  }

  private Deadline deadline(Deadline whole) {
    Duration time = whole.remaining().compareTo(LONGEST) < 0 ? whole.remaining() : LONGEST;
    return new Deadline(
        clock.millis() + time.toMillis(), whole.firstContent(), whole.idle(), whole.clock());
  }

  private static Hops.Hop hop(EmbeddingModel model, Answered answered, long millis) {
    Target target =
        new Target(
            Target.Kind.ON_DEMAND,
            model.target(),
            model.price(),
            0,
            0,
            false,
            false,
            Target.Step.NONE,
            Set.of(model.id()),
            PromptCache.OFF);
    Usage usage = Usage.of(answered.tokens(), 0);
    return new Hops.Hop(
        target,
        answered.fault().<Ending>map(Ending.Failed::new).orElseGet(Ending.Complete::new),
        millis,
        new Answer.Bill(usage, model.price().of(usage), answered.isEstimated()),
        false);
  }

  private synchronized Tools tools() {
    Tools known = made.orElseGet(() -> new Tools(cacheMaker.get(), attemptsMaker.get()));
    made = Optional.of(known);
    return known;
  }
}
