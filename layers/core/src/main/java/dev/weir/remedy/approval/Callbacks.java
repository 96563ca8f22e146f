package dev.weir.remedy.approval;

/** Tells a machine that waits what was decided. */
@FunctionalInterface
public interface Callbacks {

  /** How telling it ended. */
  enum Told {
    YES,
    /** It does not wait, or does not any more. */
    GONE,
    /** It may have been told or not. */
    UNKNOWN
  }

  Told tell(String token, Decision decision);
}
