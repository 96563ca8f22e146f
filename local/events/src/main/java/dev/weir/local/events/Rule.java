package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** A rule of the default bus, with its targets. */
public final class Rule {
  private final String name;
  private final boolean enabled;
  private final Optional<EventPattern> pattern;
  private final Optional<Schedule> schedule;
  private final List<RuleTarget> targets;

  Rule(
      String name,
      boolean enabled,
      Optional<EventPattern> pattern,
      Optional<Schedule> schedule,
      List<RuleTarget> targets) {
    this.name = name;
    this.enabled = enabled;
    this.pattern = pattern;
    this.schedule = schedule;
    this.targets = targets;
  }

  /**
   * Reads a rule.
   *
   * @param properties as {@code AWS::Events::Rule} has them, intrinsic functions evaluated
   * @throws IllegalArgumentException EventBridge would refuse it, or it is not known here
   */
  public static Rule read(String name, JsonNode properties) {
    try {
      return new RuleReader(properties).read(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("rule " + name + ": " + e.getMessage(), e);
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether it selects this event. */
  public boolean matches(JsonNode event) {
    return enabled && pattern.filter(it -> it.matches(event)).isPresent();
  }

  /** Whether it selects events, and not only runs by itself. */
  public boolean listens() {
    return pattern.isPresent();
  }

  /** When it runs by itself; empty for a disabled rule. */
  Optional<Schedule> schedule() {
    return enabled ? schedule : Optional.empty();
  }

  List<RuleTarget> targets() {
    return targets;
  }
}
