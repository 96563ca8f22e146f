package dev.weir.admin;

import dev.weir.remedy.approval.Answered;

/** What the admin API says of a decision, in the codes of the approval page. */
final class ApprovalReplies {

  private ApprovalReplies() {}

  static Result of(Answered answered) {
    return switch (answered) {
      case Answered.Accepted(_), Answered.Repeated(_) -> new Result.Done();
      case Answered.Unknown() ->
          Refusals.refused(
              404, "approval_not_found", "There is no such question, or none any more.");
      case Answered.DecidedOtherwise(var question) ->
          Refusals.refused(
              409,
              "approval_decided",
              "%s has decided otherwise before, and that stays."
                  .formatted(question.decision().orElseThrow().by()));
      case Answered.Expired(_) ->
          Refusals.refused(
              410, "approval_expired", "The time for an answer is over; nothing is done.");
      case Answered.TooLate(_) ->
          Refusals.refused(
              410,
              "approval_too_late",
              "The machine had stopped waiting before this came; nothing is done by it.");
      case Answered.OwnRequest(_) ->
          Refusals.refused(403, "approval_own_request", "Who has started it does not approve it.");
      case Answered.Undelivered(_) ->
          Refusals.refused(
              503,
              "approval_undelivered",
              "The decision is kept, but the machine could not be told. Send it again.");
      case Answered.Uncertain(_) ->
          Refusals.refused(
              409,
              "approval_uncertain",
              "The machine does not wait any more; the incident says whether it was told.");
    };
  }
}
