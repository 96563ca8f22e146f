package dev.weir.remedy.approval;

/** What became of a decision. */
public sealed interface Answered {

  /** There is no such question, or none any more. */
  record Unknown() implements Answered {}

  /** Taken, and told to the machine that waits. */
  record Accepted(Question question) implements Answered {}

  /** The same has been decided before, and the machine has been told. */
  record Repeated(Question question) implements Answered {}

  /** The other has been decided before, and stays. */
  record DecidedOtherwise(Question question) implements Answered {}

  /** The time for an answer is over. */
  record Expired(Question question) implements Answered {}

  /** The machine had stopped waiting when the decision came: nothing is done. */
  record TooLate(Question question) implements Answered {}

  /** Who has started it does not approve it. */
  record OwnRequest(Question question) implements Answered {}

  /** Kept, but the machine could not be told; the same decision once more tries again. */
  record Undelivered(Question question) implements Answered {}

  /**
   * An attempt to tell the machine had an unknown end, and now it waits no longer: either it was
   * told then, or that was too late. The incident says which.
   */
  record Uncertain(Question question) implements Answered {}
}
