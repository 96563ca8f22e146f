package dev.weir.guard;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A local rule: which way it may look and what it may do. {@code docs/guards.md} describes each.
 */
public enum Rule {
  /** Long repeats, random characters, undecodable bytes. */
  NONSENSE(EnumSet.of(Direction.INPUT), EnumSet.of(Action.BLOCK)),
  /** Marks of chat templates, such as {@code <|im_start|>}. */
  CONTROL_TOKENS(EnumSet.allOf(Direction.class), EnumSet.allOf(Action.class)),
  /** Plain wordings of prompt injection. */
  INJECTION(EnumSet.of(Direction.INPUT), EnumSet.of(Action.BLOCK)),
  /** Keys and tokens. */
  SECRETS(EnumSet.allOf(Direction.class), EnumSet.allOf(Action.class)),
  /** E-mail, phone, card, IBAN and US social security numbers. */
  PII(EnumSet.allOf(Direction.class), EnumSet.allOf(Action.class));

  private final Set<Direction> directions;
  private final Set<Action> actions;

  Rule(Set<Direction> directions, Set<Action> actions) {
    this.directions = directions;
    this.actions = actions;
  }

  boolean looks(Direction direction) {
    return directions.contains(direction);
  }

  boolean can(Action action) {
    return actions.contains(action);
  }

  List<String> actionNames() {
    return actions.stream().map(Action::text).toList();
  }

  /** As declarations, headers and rows have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<Detector> detectors(List<String> phoneRegions) {
    return switch (this) {
      case NONSENSE -> List.of(new Nonsense());
      case CONTROL_TOKENS -> ControlTokens.DETECTORS;
      case INJECTION -> InjectionPatterns.DETECTORS;
      case SECRETS -> Secrets.DETECTORS;
      case PII -> Pii.detectors(phoneRegions);
    };
  }
}
