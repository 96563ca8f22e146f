package dev.weir.remedy.approval;

import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.store.Item;
import java.time.Instant;
import java.util.Optional;

/** Questions as items of the remediation table, and their rows among those of the incident. */
final class QuestionItem {

  static final String KIND = "APPROVAL";

  /** As long as the guard keeps its rows. */
  static final long KEPT_SECONDS = 34_560_000;

  private static final int DAY = 10;

  private QuestionItem() {}

  static Item of(Question question, String token) {
    return Item.EMPTY
        .with("pk", KIND)
        .with("sk", question.id())
        .with("token", token)
        .with("incident", question.incident())
        .with("run", question.run())
        .with("action", question.action())
        .with("kind", question.kind())
        .with("name", question.name())
        .with("plan", question.plan())
        .with("severity", question.severity())
        .with("requestedBy", question.requestedBy().orElse(""))
        .with("askedAt", question.askedAt().toString())
        .with("expiry", question.expiry().getEpochSecond())
        .with("ttl", question.askedAt().getEpochSecond() + KEPT_SECONDS);
  }

  static Question read(Item item) {
    return new Question(
        item.text("sk"),
        item.text("incident"),
        item.text("run"),
        item.text("action"),
        item.text("kind"),
        item.text("name"),
        item.text("plan"),
        item.text("severity"),
        item.findText("requestedBy").filter(name -> !name.isEmpty()),
        Instant.parse(item.text("askedAt")),
        Instant.ofEpochSecond(item.number("expiry")),
        item.findText("decision").map(verdict -> decision(Verdict.valueOf(verdict), item)));
  }

  /** A question's item, or a change of it, with the decision. */
  static Item decided(Item item, Decision decision) {
    return item.with("decision", decision.verdict().name())
        .with("decidedBy", decision.by())
        .with("comment", decision.comment())
        .with("decidedAt", decision.at().toString());
  }

  private static Decision decision(Verdict verdict, Item item) {
    return new Decision(
        verdict,
        item.text("decidedBy"),
        item.text("comment"),
        Instant.parse(item.text("decidedAt")));
  }

  /** The kind of the incident's rows. */
  static String rows(Question question) {
    return "INCIDENT#" + question.incident().substring(0, DAY);
  }

  /**
   * A row of the incident, before those in which its run says what it does and how it ended.
   *
   * @param place among the rows of the question, in their order
   * @param by who has decided, if somebody has
   */
  static Item row(
      Question question,
      String place,
      String outcome,
      Optional<String> by,
      String summary,
      Instant at) {
    return Item.EMPTY
        .with("pk", rows(question))
        .with(
            "sk",
            "%s#%s#0-%s#%s".formatted(question.incident(), question.run(), place, question.id()))
        .with("incident", question.incident())
        .with("action", question.action())
        .with("kind", question.kind())
        .with("name", question.name())
        .with("at", at.toString())
        .with("outcome", outcome)
        .with("reason", "")
        .with("severity", question.severity())
        .with("summary", summary)
        .with("by", by.orElse(""))
        .with("ttl", at.getEpochSecond() + KEPT_SECONDS);
  }
}
