package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatRequest;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guards;
import dev.weir.guard.RequestGuard;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Target;
import dev.weir.ledger.Cost;
import dev.weir.ledger.RetrievalMark;
import dev.weir.retrieval.Grounding;
import dev.weir.retrieval.KnowledgeBase;
import dev.weir.retrieval.Passage;
import dev.weir.retrieval.Retriever;
import dev.weir.route.Breakers;
import dev.weir.tenant.EstimateMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Grounds an admitted request in its model's knowledge base, once, in bounded time. What goes wrong
 * costs the grounding, not the answer, unless the model requires it.
 */
final class Retrieval {

  /** What an operator turns off to turn off every knowledge base. */
  static final Target SWITCH = new Target(Target.Kind.TOOL, "retrieval");

  private final Retriever retriever;
  private final KillSwitch killSwitch;
  private final Breakers breakers;
  private final InputGuard input;
  private final TokenEstimate estimate;
  private final InstantSource clock;

  /** What becomes of an admitted request. */
  sealed interface Outcome {

    record Grounded(ChatRequest request) implements Outcome {}

    /** It stops here: the model does not answer without. */
    record Not(Problem problem) implements Outcome {}
  }

  Retrieval(
      Retriever retriever,
      KillSwitch killSwitch,
      Breakers breakers,
      InputGuard input,
      TokenEstimate estimate,
      InstantSource clock) {
    this.retriever = retriever;
    this.killSwitch = killSwitch;
    this.breakers = breakers;
    this.input = input;
    this.estimate = estimate;
    this.clock = clock;
  }

  /** Puts what it finds before the question, and notes on the visit's trail what it did. */
  Outcome ground(Visit visit, ChatPlan plan, EstimateMode mode) {
    return switch (plan.retrieval()) {
      case PlannedRetrieval.None _ -> new Outcome.Grounded(plan.request());
      case PlannedRetrieval.Skipped(KnowledgeBase base, String reason) ->
          skip(visit, plan, base, reason, 0, Cost.ZERO);
      case PlannedRetrieval.From(KnowledgeBase base, String question) ->
          obstacle(base)
              .map(reason -> skip(visit, plan, base, reason, 0, Cost.ZERO))
              .orElseGet(() -> ask(visit, plan, base, question, mode));
    };
  }

  private Optional<String> obstacle(KnowledgeBase base) {
    if (!(killSwitch.check(Set.of(SWITCH)) instanceof KillSwitch.Check.On)) {
      return Optional.of("switched off");
    }
    return breakers.refusal(breaker(base), true).isPresent()
        ? Optional.of("breaker open")
        : Optional.empty();
  }

  private Outcome ask(
      Visit visit, ChatPlan plan, KnowledgeBase base, String question, EstimateMode mode) {
    long start = clock.millis();
    Duration left = visit.deadline().remaining();
    Duration timeout = left.compareTo(base.timeout()) < 0 ? left : base.timeout();
    switch (retriever.retrieve(base, question, visit.tenantId(), timeout)) {
      case Retriever.Found.Failed(String detail, boolean hasRun, int points) -> {
        if (points > 0) {
          breakers.failed(breaker(base), points, Duration.ZERO);
        } else {
          breakers.answered(breaker(base));
        }
        Cost cost = hasRun ? base.perQuery() : Cost.ZERO;
        return skip(visit, plan, base, detail, clock.millis() - start, cost);
      }
      case Retriever.Found.Passages(List<Passage> found) -> {
        breakers.answered(breaker(base));
        List<Passage> allowed = allowed(found, plan.guards());
        List<Passage> chosen = Grounding.choose(base, allowed, text -> estimate.text(text, mode));
        Optional<ChatRequest> grounded =
            input.reread(plan.request(), Grounding.with(plan.request().body(), chosen));
        if (grounded.isEmpty()) {
          return skip(
              visit, plan, base, "UnreadableWithPassages", clock.millis() - start, base.perQuery());
        }
        visit
            .retrieval()
            .used(
                mark(
                    visit,
                    base,
                    outcome(chosen, found.size() - allowed.size()),
                    chosen,
                    clock.millis() - start,
                    base.perQuery()));
        return new Outcome.Grounded(grounded.get());
      }
    }
  }

  private Outcome skip(
      Visit visit, ChatPlan plan, KnowledgeBase base, String reason, long millis, Cost cost) {
    visit
        .retrieval()
        .skipped(mark(visit, base, "skipped; reason=" + reason, List.of(), millis, cost));
    return base.isRequired()
        ? new Outcome.Not(Problem.retrievalUnavailable())
        : new Outcome.Grounded(plan.request());
  }

  /** A passage is judged as if the user had sent it; one that is blocked is left out. */
  private static List<Passage> allowed(List<Passage> found, Guards guards) {
    List<Passage> allowed = new ArrayList<>();
    for (Passage passage : found) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.putArray("messages").addObject().put("role", "user").put("content", passage.text());
      if (RequestGuard.apply(guards, body, new GuardTrail())
          instanceof RequestGuard.Outcome.Passed(JsonNode judged)) {
        String text = judged.path("messages").path(0).path("content").asText();
        allowed.add(new Passage(passage.document(), text, passage.score()));
      }
    }
    return allowed;
  }

  private static String outcome(List<Passage> chosen, int blocked) {
    String outcome = chosen.isEmpty() ? "none" : "used";
    return blocked > 0 ? outcome + "; blocked=" + blocked : outcome;
  }

  private static RetrievalMark mark(
      Visit visit,
      KnowledgeBase base,
      String outcome,
      List<Passage> passages,
      long millis,
      Cost cost) {
    return new RetrievalMark(
        base.version(),
        outcome,
        base.permission().map(permission -> permission.of(visit.tenantId())).orElse(""),
        passages.stream()
            .map(passage -> new RetrievalMark.Document(passage.document(), passage.score()))
            .toList(),
        millis,
        cost);
  }

  private static String breaker(KnowledgeBase base) {
    return "knowledge-base:" + base.id();
  }
}
