package dev.weir.remedy.idle;

import java.util.List;

/**
 * What is to be made of a resource.
 *
 * @param reason in upper snake case; one reason always has the same state
 * @param evidence what it rests on, in sentences
 * @param approval whether a person has to agree before anything is done
 */
public record Verdict(State state, String reason, List<String> evidence, boolean approval) {

  /** Whether it is used. */
  public enum State {
    /** Nobody uses it: warn, and act after the grace. */
    IDLE,
    /** Somebody uses it. */
    BUSY,
    /** It cannot be said, so nothing may be done but tell. */
    UNKNOWN,
    /** It is none of the sweep's business. */
    SKIP
  }

  public Verdict {
    evidence = List.copyOf(evidence);
  }

  static Verdict idle(String reason, String evidence) {
    return new Verdict(State.IDLE, reason, List.of(evidence), false);
  }

  static Verdict busy(String reason, String evidence) {
    return new Verdict(State.BUSY, reason, List.of(evidence), false);
  }

  static Verdict unknown(String reason, String evidence) {
    return new Verdict(State.UNKNOWN, reason, List.of(evidence), false);
  }

  static Verdict skip(String reason, String evidence) {
    return new Verdict(State.SKIP, reason, List.of(evidence), false);
  }

  /** The same, after a person has agreed. */
  Verdict asking() {
    return new Verdict(state, reason, evidence, true);
  }
}
