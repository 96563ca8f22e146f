package dev.weir.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The executions that are known: those that run, the latest that ended, older ones by name. */
final class Runs {
  /** API reference, StartExecution: a name can be used again 90 days after its execution closed. */
  private static final Duration NAME_KEPT = Duration.ofDays(90);

  private final InstantSource clock;
  private final int limit;
  private final Map<String, Run> known = new LinkedHashMap<>();
  private final Deque<Run> ended = new ArrayDeque<>();
  private final Map<String, Instant> names = new LinkedHashMap<>();

  /**
   * @param limit executions kept after their end, at least 1
   */
  Runs(InstantSource clock, int limit) {
    this.clock = clock;
    this.limit = limit;
  }

  Optional<Run> find(String arn) {
    return Optional.ofNullable(known.get(arn));
  }

  /** All that are known, oldest first. */
  Collection<Run> all() {
    return Collections.unmodifiableCollection(known.values());
  }

  /** Whether an execution of this name ended so long ago, or never was, that it is free. */
  boolean free(String arn) {
    Instant kept = clock.instant().minus(NAME_KEPT);
    return find(arn)
        .map(run -> run.execution().end().map(Execution.End::stopDate))
        .orElseGet(() -> Optional.of(names.getOrDefault(arn, Instant.MIN)))
        .filter(stopped -> stopped.isBefore(kept))
        .isPresent();
  }

  /** Whether there is or was one of this name. */
  boolean issued(String arn) {
    return known.containsKey(arn) || names.containsKey(arn);
  }

  void add(String arn, Run run) {
    known.remove(arn);
    names.remove(arn);
    known.put(arn, run);
  }

  /** Takes note that it has ended, and lets go of what is one too many. */
  void ended(String arn) {
    find(arn).ifPresent(ended::addLast);
    while (ended.size() > limit) {
      forget(ended.removeFirst().execution());
    }
  }

  private void forget(Execution execution) {
    find(execution.arn())
        .filter(run -> run.execution().equals(execution))
        .ifPresent(run -> {
          known.remove(execution.arn());
          names.put(execution.arn(), execution.end().orElseThrow().stopDate());
        });
    names.values().removeIf(clock.instant().minus(NAME_KEPT)::isAfter);
  }
}
