package dev.weir.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The guard sets of one request: its model's, then its tenant's.
 *
 * @param sets applied in this order; the second sees what the first has left
 * @param guardrail the Bedrock guardrail, where one is deployed
 */
public record Guards(List<GuardSet> sets, Optional<GuardrailRef> guardrail) {

  public static final Guards NONE = new Guards(List.of(), Optional.empty());

  /** A model's set and a tenant's, once where they are the same. */
  public static Guards of(
      GuardSet model, Optional<GuardSet> tenant, Optional<GuardrailRef> guardrail) {
    List<GuardSet> sets = new ArrayList<>(List.of(model));
    tenant.filter(set -> !set.id().equals(model.id())).ifPresent(sets::add);
    return new Guards(List.copyOf(sets), guardrail);
  }

  /** How the Bedrock guardrail is used this way; empty where it is not. */
  public Optional<BedrockPolicy> bedrock(Direction direction) {
    return sets.stream()
        .flatMap(set -> set.bedrock().stream())
        .filter(policy -> guardrail.isPresent() && policy.looks(direction))
        .reduce(BedrockPolicy::with);
  }

  /** How much of an answer the Bedrock guardrail is shown at once. */
  public int windowCharacters() {
    return sets.stream().mapToInt(GuardSet::windowCharacters).min().orElse(1_000);
  }

  /** Whether anything looks at answers. */
  public boolean lookAtOutput() {
    return sets.stream().anyMatch(GuardSet::looksAtOutput) || bedrock(Direction.OUTPUT).isPresent();
  }

  /** Each set by {@code id@version}, and the Bedrock guardrail where it is used. */
  public String versions() {
    List<String> versions = new ArrayList<>();
    sets.forEach(set -> versions.add(set.id() + "@" + set.version()));
    boolean isUsed = bedrock(Direction.INPUT).isPresent() || bedrock(Direction.OUTPUT).isPresent();
    guardrail
        .filter(ref -> isUsed)
        .ifPresent(ref -> versions.add("bedrock:" + ref.id() + "@" + ref.version()));
    return String.join(",", versions);
  }
}
