package dev.weir.remedy.rule;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The kinds of targets, as SageMaker's ARNs have them, that an action is started on by hand; those
 * of the template's rules. With another kind its guard would take another target's lock and look at
 * another target's tags.
 */
public final class Kinds {
  private static final Set<String> USUAL = Set.of("endpoint");
  private static final Set<String> GROUP = Set.of("model-package-group");
  private static final Map<String, Set<String>> OTHERS =
      Map.of(
          "retrain", GROUP,
          "close-drift", GROUP,
          "optimize-model", GROUP,
          "stop-notebook", Set.of("notebook-instance"),
          "delete-app", Set.of("app"),
          "stop-job", Set.of("training-job", "processing-job"),
          "budget-guard", Set.of());

  private Kinds() {}

  /** None for an action that only its alarm starts. */
  public static SortedSet<String> of(String action) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(OTHERS.getOrDefault(action, USUAL)));
  }
}
