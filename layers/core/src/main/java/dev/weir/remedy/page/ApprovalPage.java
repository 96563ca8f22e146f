package dev.weir.remedy.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.remedy.approval.Answered;
import dev.weir.remedy.approval.Decision;
import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.remedy.approval.Question;

/** The page on which a plan is approved, and what it says of every way that can end. */
public final class ApprovalPage {

  /** The longest name of a person, in characters. */
  public static final int LONGEST_NAME = 100;

  /** The longest comment, in characters. */
  public static final int LONGEST_COMMENT = 500;

  private static final String FORM =
      """
      <form method="post">
      <label for="name">Your name</label>
      <input id="name" name="name" required maxlength="%d" autocomplete="name">
      <label for="comment">Comment</label>
      <textarea id="comment" name="comment" rows="2" maxlength="%d"></textarea>
      <div><button name="decision" value="approve">Approve</button><button name="decision" value="deny">Deny</button></div>
      </form>
      <p>Nothing is done until you press a button, and then once. Looking at this page decides nothing.</p>
      """
          .formatted(LONGEST_NAME, LONGEST_COMMENT);

  private ApprovalPage() {}

  /** What is asked, with the form while it can be answered. */
  public static Page asking(Question question, boolean isOver) {
    if (question.decision().isPresent()) {
      return new Page(200, title(question), decided(question) + details(question));
    }
    if (isOver) {
      return said(
          410, "approval_expired", "The time for an answer is over; nothing is done.", question);
    }
    return new Page(200, title(question), details(question) + FORM);
  }

  /** What became of a decision. */
  public static Page of(Answered answered) {
    return switch (answered) {
      case Answered.Unknown() ->
          problem(404, "approval_not_found", "There is no such question, or none any more.");
      case Answered.Accepted(var question) ->
          new Page(200, title(question), decided(question) + told(question) + details(question));
      case Answered.Repeated(var question) ->
          new Page(
              200,
              title(question),
              decided(question)
                  + "<p>It was decided before; the machine knows.</p>"
                  + details(question));
      case Answered.DecidedOtherwise(var question) ->
          said(
              409,
              "approval_decided",
              "It has been decided otherwise before, and that stays.",
              question);
      case Answered.Expired(var question) ->
          said(
              410,
              "approval_expired",
              "The time for an answer is over; nothing is done.",
              question);
      case Answered.TooLate(var question) ->
          said(
              410,
              "approval_too_late",
              "The machine had stopped waiting before this came; nothing is done by it.",
              question);
      case Answered.OwnRequest(var question) ->
          said(403, "approval_own_request", "Who has started it does not approve it.", question);
      case Answered.Undelivered(var question) ->
          said(
              503,
              "approval_undelivered",
              "The decision is kept, but the machine could not be told. Send it again.",
              question);
      case Answered.Uncertain(var question) ->
          said(
              409,
              "approval_uncertain",
              "The machine does not wait any more. Either it was told before, or that was too late:"
                  + " the incident says which.",
              question);
    };
  }

  /** A page that says only why nothing was done. */
  public static Page problem(int status, String code, String message) {
    return new Page(
        status,
        "Not decided",
        "<p>%s</p>\n<p><span class=\"tag bad\">%s</span></p>"
            .formatted(Html.text(message), Html.text(code)));
  }

  private static Page said(int status, String code, String message, Question question) {
    return new Page(
        status,
        title(question),
        "<p>%s <span class=\"tag bad\">%s</span></p>\n"
                .formatted(Html.text(message), Html.text(code))
            + (question.decision().isPresent() ? decided(question) : "")
            + details(question));
  }

  private static String title(Question question) {
    return "%s of %s %s".formatted(question.action(), question.kind(), question.name());
  }

  private static String decided(Question question) {
    Decision decision = question.decision().orElseThrow();
    boolean isYes = decision.verdict() == Verdict.APPROVE;
    return "<p><span class=\"tag %s\">%s</span> by %s at %s%s</p>\n"
        .formatted(
            isYes ? "good" : "bad",
            isYes ? "approved" : "denied",
            Html.text(decision.by()),
            decision.at(),
            decision.comment().isEmpty() ? "" : ": " + Html.text(decision.comment()));
  }

  private static String told(Question question) {
    return question.decision().orElseThrow().verdict() == Verdict.APPROVE
        ? "<p>The machine goes on: it looks again whether this is still needed, and then does it.</p>\n"
        : "<p>Nothing is done, and people are told so.</p>\n";
  }

  private static String details(Question question) {
    JsonNode plan = PlanHtml.read(question.plan());
    return Html.table(
            Html.row("What", plan.path("summary").asText(""))
                + Html.row("Why", plan.path("reason").asText(""))
                + Html.row("Target", question.kind() + " " + question.name())
                + Html.row("Action", question.action())
                + Html.row("Severity", question.severity())
                + Html.row("Answer until", question.expiry().toString())
                + Html.row("Asked", question.askedAt().toString())
                + Html.row("Started by", question.requestedBy().orElse(""))
                + Html.row("Incident", question.incident()))
        + PlanHtml.of(plan);
  }
}
