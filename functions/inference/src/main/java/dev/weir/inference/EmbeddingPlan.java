package dev.weir.inference;

import dev.weir.api.EmbeddingRequest;
import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.cache.EmbeddingKey;
import dev.weir.door.Problem;
import dev.weir.guard.Guards;
import dev.weir.ledger.Cost;
import dev.weir.route.EmbeddingModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one request for vectors will be answered, decided before anything is spent.
 *
 * @param request as the local guards have left it
 * @param dimensions length of the vectors
 * @param inputType what the vectors are for, where the model tells uses apart
 * @param keys one for each input, in order; equal inputs have equal keys
 * @param inputs every different input
 * @param cacheable whether vectors may come from, and go to, the cache
 * @param tenantGuard the tenant's own guard set, as known when this was planned
 * @param original as the client sent it
 */
record EmbeddingPlan(
    EmbeddingRequest request,
    EmbeddingModel model,
    int dimensions,
    Optional<InputType> inputType,
    List<EmbeddingKey> keys,
    Map<EmbeddingKey, Input> inputs,
    boolean cacheable,
    Guards guards,
    Optional<String> tenantGuard,
    EmbeddingRequest original) {

  /**
   * A text to be embedded.
   *
   * @param tokens upper bound, 1 or more
   */
  record Input(String text, long tokens) {}

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(EmbeddingPlan plan) implements Planned {}

    /**
     * There is none.
     *
     * @param model of the catalog, where one was found
     */
    record Not(Optional<String> model, Problem problem) implements Planned {
      Not(Problem problem) {
        this(Optional.empty(), problem);
      }
    }
  }

  /** The inputs that are not among these. */
  Map<EmbeddingKey, Input> without(Set<EmbeddingKey> kept) {
    Map<EmbeddingKey, Input> misses = new LinkedHashMap<>(inputs);
    misses.keySet().removeAll(kept);
    return misses;
  }

  /** Upper bound of the tokens of these. */
  static long tokens(Map<EmbeddingKey, Input> inputs) {
    return inputs.values().stream().mapToLong(Input::tokens).sum();
  }

  /** Upper bound of what these cost, the guardrail included. */
  Cost bound(Map<EmbeddingKey, Input> misses) {
    return model
        .price()
        .bound(tokens(misses), 0)
        .plus(RemoteGuard.inputBound(guards, misses.values().stream().map(Input::text).toList()));
  }
}
