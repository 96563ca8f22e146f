package dev.weir.route;

/** What a fault calls for before anything has left for the client ({@code docs/degradation.md}). */
public enum Reaction {
  /** The same target once more, inside the retry budget; else the next one. */
  RETRY_THEN_NEXT,
  /** The next target; the same one would fail again, or is asked to be spared. */
  NEXT,
  /** The next target; where there is none, the same one once more, inside the retry budget. */
  NEXT_THEN_RETRY,
  /** The same target once more with a word about what was wrong, inside the retry budget. */
  REPAIR,
  /** Nothing: no target would answer this call otherwise, or none may be asked any more. */
  GIVE_UP
}
