package dev.weir.route;

import dev.weir.guard.GuardSet;
import dev.weir.ledger.Price;
import dev.weir.retrieval.KnowledgeBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model of the catalog.
 *
 * @param id the name clients use
 * @param target Bedrock model id, inference profile id or ARN, or a {@link SageMakerTarget}
 * @param createdSeconds epoch seconds, as {@code GET /v1/models} shows it
 * @param contextTokens prompt and completion together
 * @param maxOutputTokens the most the model can write
 * @param defaultOutputTokens the output cap when the client names none
 * @param guard what is looked for in its requests and answers, whoever the tenant is
 * @param retrieval what its answers are grounded in
 * @param recall what is remembered for it; absent: as the stack says
 * @param promptCache how its own target keeps prompts
 * @param cascade a small model to ask first
 */
public record Model(
    String id,
    String target,
    String ownedBy,
    long createdSeconds,
    long contextTokens,
    long maxOutputTokens,
    long defaultOutputTokens,
    boolean images,
    boolean tools,
    Price price,
    CachePolicy cache,
    Fallback fallback,
    GuardSet guard,
    Optional<KnowledgeBase> retrieval,
    Optional<Recall> recall,
    PromptCache promptCache,
    Optional<Cascade> cascade) {

  /**
   * How much of a session it is told, and how long sessions with it are kept at most.
   *
   * @param tokens the most, 1 or more; absent: as the stack says
   * @param summary what becomes of the rest; absent: it is forgotten
   * @param idle after the last turn; absent: as stack and tenant say
   * @param whole after the first turn; absent: as stack and tenant say
   */
  public record Recall(
      OptionalLong tokens,
      Optional<Summary> summary,
      Optional<Duration> idle,
      Optional<Duration> whole) {}

  /**
   * How the rest of a session is summarised.
   *
   * @param model the id of the model that does it
   * @param tokens the most a summary may have
   * @param keepTokens the most that is told after one, it included: what is between this and the
   *     most it is told may be added before the next
   */
  public record Summary(String model, long tokens, long keepTokens) {}

  /**
   * What stands in when the model's own target does not answer.
   *
   * @param targets in the order they are asked
   * @param attempts the most upstream attempts for one call, 1 or more
   * @param stale how long after its expiry a cached answer may still be served when no target
   *     answers; zero for never
   */
  public record Fallback(List<Target> targets, int attempts, Duration stale) {

    /** Nothing: one attempt at the model's own target. */
    public static final Fallback NONE = new Fallback(List.of(), 1, Duration.ZERO);
  }

  /** The same model by its own target alone, asked once. */
  public Model alone() {
    return with(Fallback.NONE, Optional.empty());
  }

  Model with(Optional<Cascade> declared) {
    return with(fallback, declared);
  }

  private Model with(Fallback others, Optional<Cascade> declared) {
    return new Model(
        id,
        target,
        ownedBy,
        createdSeconds,
        contextTokens,
        maxOutputTokens,
        defaultOutputTokens,
        images,
        tools,
        price,
        cache,
        others,
        guard,
        retrieval,
        recall,
        promptCache,
        declared);
  }

  /** Every target in the order they are asked, the model's own first. */
  public List<Target> chain() {
    Target own =
        new Target(
            Target.Kind.of(target),
            target,
            price,
            contextTokens,
            maxOutputTokens,
            images,
            tools,
            Target.Step.NONE,
            Set.of(id),
            promptCache);
    return Stream.concat(Stream.of(own), fallback.targets().stream()).toList();
  }

  /**
   * When answers of this model may be kept.
   *
   * @param similar when they also answer similar questions
   */
  public record CachePolicy(Mode mode, Duration timeToLive, Optional<Similar> similar) {

    /** Which requests are looked up. */
    public enum Mode {
      OFF,
      /** Only requests that ask for {@code temperature: 0}. */
      DETERMINISTIC,
      ALWAYS
    }
  }
}
