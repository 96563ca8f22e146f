package dev.weir.inference;

/** What became of a planned request. */
enum Outcome {
  /** It has its answer, or its refusal. */
  DONE,
  /** Nothing has left: it was planned with guards that its tenant no longer has. */
  GUARD_CHANGED
}
