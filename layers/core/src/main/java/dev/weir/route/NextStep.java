package dev.weir.route;

import java.time.Duration;
import java.util.List;

/** What to do after an attempt that failed, as data. Pure. */
public final class NextStep {

  /** A longer wait is better spent at another target. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** With less time than this left no attempt is begun: it could only be charged for. */
  static final Duration LEAST_TIME = Duration.ofSeconds(1);

  /** A move. */
  public enum Move {
    /** Ask the same target again after the wait, if the retry budget pays for it. */
    RETRY,
    /** The same, telling the model what was wrong with its answer. */
    REPAIR,
    /** Ask the next target that may be asked. */
    NEXT
  }

  /**
   * What has happened so far.
   *
   * @param attempts upstream attempts made, 1 or more
   * @param most the most that may be made
   * @param here attempts made at the last target
   * @param pause how long a retry there would wait: jitter, or what the target asked for if longer
   * @param left until the request's deadline
   */
  public record Sofar(int attempts, int most, int here, Duration pause, Duration left) {}

  private NextStep() {}

  /** The moves in order of preference; the first that can be carried out is to be. */
  public static List<Move> after(Reaction reaction, Sofar sofar) {
    if (sofar.attempts() >= sofar.most() || sofar.left().compareTo(LEAST_TIME) < 0) {
      return List.of();
    }
    boolean mayRepeat =
        sofar.here() == 1
            && sofar.pause().compareTo(LONGEST_WAIT) <= 0
            && sofar.pause().plus(LEAST_TIME).compareTo(sofar.left()) <= 0;
    return switch (reaction) {
      case RETRY_THEN_NEXT -> mayRepeat ? List.of(Move.RETRY, Move.NEXT) : List.of(Move.NEXT);
      case NEXT -> List.of(Move.NEXT);
      case NEXT_THEN_RETRY -> mayRepeat ? List.of(Move.NEXT, Move.RETRY) : List.of(Move.NEXT);
      case REPAIR -> mayRepeat ? List.of(Move.REPAIR) : List.of();
      case GIVE_UP -> List.of();
    };
  }
}
