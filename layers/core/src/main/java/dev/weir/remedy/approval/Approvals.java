package dev.weir.remedy.approval;

import dev.weir.remedy.approval.Callbacks.Told;
import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import dev.weir.store.Update;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The questions of one deployment. One decision is taken for each, kept before the machine is told,
 * so that a reply that is lost can be made up for and nothing is decided twice. Thread-safe. Faults
 * of the store are thrown as the SDK's exceptions.
 */
public final class Approvals {

  private static final String SECRET = "SECRET";
  private static final String KEY = "approvals";
  private static final int KEY_BYTES = 32;

  private final RemediationTable table;
  private final Callbacks callbacks;
  private final boolean byAnother;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param byAnother whether who starts something by hand may not approve it
   * @param random of the key that links are signed with: a secure one
   */
  public Approvals(
      RemediationTable table,
      Callbacks callbacks,
      boolean byAnother,
      InstantSource clock,
      RandomGenerator random) {
    this.table = table;
    this.callbacks = callbacks;
    this.byAnother = byAnother;
    this.clock = clock;
    this.random = random;
  }

  /** Keeps a question; asked again with the same token, it is the one that is kept. */
  public Question ask(Asked asked) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Question question =
        new Question(
            seal().id(asked.token()),
            asked.incident(),
            asked.run(),
            asked.action(),
            asked.kind(),
            asked.name(),
            asked.plan(),
            asked.severity(),
            asked.requestedBy(),
            now,
            now.plusSeconds(asked.seconds()),
            Optional.empty());
    boolean isNew =
        table.add(
            QuestionItem.of(question, asked.token()),
            QuestionItem.row(
                question,
                "asked",
                "ASKED",
                Optional.empty(),
                "Until " + question.expiry() + ".",
                now));
    return isNew ? question : find(question.id()).orElseThrow();
  }

  /** Whether people have been told of it. */
  public boolean isAnnounced(Question question) {
    return table
        .find(QuestionItem.KIND, question.id())
        .flatMap(item -> item.findText("announcedAt"))
        .isPresent();
  }

  /** People have been told of it. */
  public void announced(Question question) {
    set(question.id(), Item.EMPTY.with("announcedAt", clock.instant().toString()));
  }

  /** What a link to it carries. */
  public Link link(Question question) {
    return seal().link(question.id(), question.expiry().getEpochSecond());
  }

  /** Whether this deployment has made the link. */
  public boolean isGenuine(Link link) {
    return seal().holds(link);
  }

  /** The question of this id, if it is kept. */
  public Optional<Question> find(String id) {
    return table.find(QuestionItem.KIND, id).map(QuestionItem::read);
  }

  /** Those of runs that still wait for an answer, the first to expire first. */
  public List<Question> open() {
    Instant now = clock.instant();
    return table.all(QuestionItem.KIND).stream()
        .map(QuestionItem::read)
        .filter(question -> question.decision().isEmpty() && now.isBefore(question.expiry()))
        .filter(question -> !hasEnded(question))
        .sorted(Comparator.comparing(Question::expiry))
        .toList();
  }

  /** Whether the run that asked has written its end, or the cleaner that it crashed. */
  private boolean hasEnded(Question question) {
    String run = question.run().substring(question.run().lastIndexOf('#') + 1);
    return table.all(QuestionItem.rows(question), question.incident() + "#").stream()
        .map(row -> row.text("sk"))
        .anyMatch(name -> name.endsWith(run + "#2-end") || name.endsWith(run + "#3-crashed"));
  }

  /** Takes a decision, if none is taken, and tells the machine. */
  public Answered decide(String id, Verdict verdict, String by, String comment) {
    Optional<Item> kept = table.find(QuestionItem.KIND, id);
    if (kept.isEmpty()) {
      return new Answered.Unknown();
    }
    Question question = QuestionItem.read(kept.get());
    Decision decision = new Decision(verdict, by, comment, clock.instant());
    if (question.decision().isPresent()) {
      return again(kept.get(), decision);
    }
    if (!decision.at().isBefore(question.expiry())) {
      return new Answered.Expired(question);
    }
    if (byAnother
        && verdict == Verdict.APPROVE
        && question.requestedBy().filter(who -> isSame(who, by)).isPresent()) {
      return new Answered.OwnRequest(question);
    }
    return isTaken(question, decision)
        ? first(QuestionItem.decided(kept.get(), decision))
        : again(table.find(QuestionItem.KIND, id).orElseThrow(), decision);
  }

  private static boolean isSame(String one, String other) {
    return one.strip().equalsIgnoreCase(other.strip());
  }

  private boolean isTaken(Question question, Decision decision) {
    Update update = new Update();
    String taken = update.name("decision");
    update.setAll(QuestionItem.decided(Item.EMPTY, decision));
    update.require("attribute_not_exists(" + taken + ")");
    update.require(update.name("expiry") + " > " + update.number(decision.at().getEpochSecond()));
    String outcome = decision.verdict() == Verdict.APPROVE ? "APPROVED" : "DENIED";
    return table.change(
        QuestionItem.KIND,
        question.id(),
        update,
        QuestionItem.row(
            question,
            "decided",
            outcome,
            Optional.of(decision.by()),
            decision.comment(),
            decision.at()));
  }

  /** Tells the machine for the first time. */
  private Answered first(Item kept) {
    Question question = QuestionItem.read(kept);
    return switch (tell(kept)) {
      case YES -> new Answered.Accepted(question);
      case UNKNOWN -> new Answered.Undelivered(question);
      case GONE ->
          toldByAnother(question)
              .orElseGet(() -> {
                table.add(
                    QuestionItem.row(
                        question,
                        "late",
                        "TOO_LATE",
                        Optional.empty(),
                        "Nothing is done by it.",
                        clock.instant()));
                return new Answered.TooLate(question);
              });
    };
  }

  /** Whoever says the same at the same moment may have told the machine first. */
  private Optional<Answered> toldByAnother(Question question) {
    Item kept = table.find(QuestionItem.KIND, question.id()).orElse(Item.EMPTY);
    if (kept.findText("toldAt").isPresent()) {
      return Optional.of(new Answered.Accepted(question));
    }
    return kept.findText("toldAgainAt").map(_ -> new Answered.Uncertain(question));
  }

  /** A decision where there is one already, or where the time is over. */
  private Answered again(Item kept, Decision decision) {
    Question question = QuestionItem.read(kept);
    Optional<Verdict> taken = question.decision().map(Decision::verdict);
    if (taken.isEmpty()) {
      return new Answered.Expired(question);
    }
    if (taken.get() != decision.verdict()) {
      return new Answered.DecidedOtherwise(question);
    }
    if (kept.findText("toldAt").isPresent()) {
      return new Answered.Repeated(question);
    }
    set(question.id(), Item.EMPTY.with("toldAgainAt", clock.instant().toString()));
    return switch (tell(kept)) {
      case YES -> new Answered.Repeated(question);
      case UNKNOWN -> new Answered.Undelivered(question);
      case GONE -> new Answered.Uncertain(question);
    };
  }

  private Told tell(Item kept) {
    Question question = QuestionItem.read(kept);
    Told told = callbacks.tell(kept.text("token"), question.decision().orElseThrow());
    if (told == Told.YES) {
      set(question.id(), Item.EMPTY.with("toldAt", clock.instant().toString()));
    }
    return told;
  }

  private void set(String id, Item attributes) {
    Update update = new Update();
    update.setAll(attributes);
    table.change(QuestionItem.KIND, id, update);
  }

  /** With the deployment's key, made by whoever needs it first. */
  private Seal seal() {
    return new Seal(
        table
            .find(SECRET, KEY)
            .or(() -> {
              byte[] key = new byte[KEY_BYTES];
              random.nextBytes(key);
              table.add(Item.EMPTY.with("pk", SECRET).with("sk", KEY).with("key", key));
              return table.find(SECRET, KEY);
            })
            .orElseThrow()
            .bytes("key"));
  }
}
