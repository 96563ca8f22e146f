package dev.weir.inference;

import dev.weir.admission.Reservation;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.guard.Guards;
import dev.weir.inference.Hops.Part;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient;
import dev.weir.model.StopReason;
import dev.weir.route.Model;
import dev.weir.route.Score;
import dev.weir.route.SelfConsistency;
import dev.weir.route.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One call's way through its model's cascade ({@code docs/cascade.md}): the small model, whatever
 * judges its answer, and where that does not stand the large model's ladder. Everything is asked
 * under the call's one reservation. One call, one thread.
 */
final class CascadeRun {

  static final String HEADER = "x-weir-cascade";
  private static final String SMALL = "small";

  private final Attempts.Tools tools;
  private final Attempts.Asked asked;
  private final ChatPlan plan;
  private final CascadePlan cascade;
  private final Model small;
  private final HeldAnswer held;

  CascadeRun(Attempts.Tools tools, Attempts.Asked asked, CascadePlan cascade) {
    this.tools = tools;
    this.asked = asked;
    this.plan = asked.plan();
    this.cascade = cascade;
    this.small = cascade.cascade().small().alone();
    this.held = new HeldAnswer(asked.visit(), plan, tools.clock());
  }

  Ending run() {
    Optional<String> escalation = cascade.escalation().or(this::obstacle);
    if (escalation.isPresent()) {
      return large(escalation.get(), false);
    }
    Attempts.Asked first = asked.with(asked.visit().halved(), hop(small, plan.request()), held);
    Ending ending = new Ladder(tools, first, Part.SMALL).climb();
    if (ending instanceof Ending.Failed(Fault fault)) {
      return endsCall(fault) ? refused(ending) : large("failed", false);
    }
    Optional<String> signal = isWithheld() || cascade.isForced() ? Optional.empty() : signal();
    return signal.isPresent() ? large(signal.get(), true) : serve(SMALL);
  }

  /** Why the small model cannot be asked at all. */
  private Optional<String> obstacle() {
    Reservation reservation = asked.admitted().reservation();
    List<Model> others =
        Stream.concat(
                Stream.of(small),
                cascade.asking().stream()
                    .filter(Score.class::isInstance)
                    .map(signal -> ((Score) signal).scorer()))
            .toList();
    CallSwitches switches = new CallSwitches(tools.killSwitch(), asked.visit().switches());
    for (Model model : others) {
      if (asked.key().filter(key -> key.allows(model.id())).isEmpty()) {
        return Optional.of("not-allowed");
      }
      if (switches.isOff(model.alone().chain().getFirst())) {
        return Optional.of("switched-off");
      }
    }
    return new Candidates(hop(small, plan.request()), reservation, asked.key())
        .obstacle(small.chain().getFirst(), asked.hops(), 0)
        .map(reason -> reason.replace(' ', '-'));
  }

  /** Whether a failure of the small model is the whole call's. */
  private boolean endsCall(Fault fault) {
    return fault.kind() == Fault.Kind.GUARD_UNAVAILABLE
        || (fault.kind() == Fault.Kind.SWITCHED_OFF
            && new CallSwitches(tools.killSwitch(), asked.visit().switches())
                .isOff(plan.model().chain().getFirst()));
  }

  private Ending refused(Ending ending) {
    asked.answer().begin(held.headers());
    return ending;
  }

  /** What a guard or the model withheld stays withheld: no laxer model is asked for it. */
  private boolean isWithheld() {
    return held.fold()
        .stopReason()
        .filter(reason ->
            reason == StopReason.CONTENT_FILTERED || reason == StopReason.GUARDRAIL_INTERVENED)
        .isPresent();
  }

  private Optional<String> signal() {
    ChatCompletion answer = held.fold().completion();
    for (Signal.After signal : cascade.cascade().after()) {
      if (signal.fires(plan.request(), answer)) {
        return Optional.of(signal.name());
      }
    }
    for (Signal.Asking signal : cascade.asking()) {
      boolean fires =
          switch (signal) {
            case SelfConsistency consistency -> disagrees(consistency);
            case Score score -> isGradedDown(score);
          };
      if (fires) {
        return Optional.of(signal.name());
      }
    }
    return Optional.empty();
  }

  private boolean disagrees(SelfConsistency consistency) {
    ChatPlan hop = hop(small, consistency.sample(plan.request()));
    List<String> others = new ArrayList<>();
    for (int i = 1; i < consistency.samples(); i++) {
      Optional<String> sample = ask(hop, Part.SAMPLE);
      if (sample.isEmpty()) {
        return true;
      }
      others.add(sample.get());
    }
    return consistency.fires(said(held.fold().completion()), others);
  }

  private boolean isGradedDown(Score score) {
    ChatRequest question = score.question(plan.request(), said(held.fold().completion()));
    ChatPlan hop =
        plan.hop(
            score.scorer().alone(),
            question,
            CascadePlan.scorePrompt(plan.promptTokens(), plan.maxTokens()),
            Score.MAX_TOKENS,
            Guards.NONE);
    return ask(hop, Part.SCORER).map(score::fires).orElse(true);
  }

  /** What a model says that only we hear; empty when it fails. */
  private Optional<String> ask(ChatPlan hop, Part part) {
    HeldAnswer heard = new HeldAnswer(asked.visit(), plan, tools.clock());
    Visit aside = asked.visit().aside();
    Ending ending = new Ladder(tools, asked.with(aside, hop, heard), part).climb();
    asked.visit().guard().absorb(aside.guard());
    return ending instanceof Ending.Complete
        ? Optional.of(said(heard.fold().completion()))
        : Optional.empty();
  }

  private static String said(ChatCompletion answer) {
    return answer.text()
        + answer.toolCalls().stream()
            .map(call -> " " + call.name() + " " + call.arguments())
            .collect(Collectors.joining());
  }

  private ChatPlan hop(Model model, ChatRequest request) {
    return plan.hop(model, request, plan.promptTokens(), plan.maxTokens(), plan.guards());
  }

  /**
   * @param hasSmall whether there is a small answer to fall back on
   */
  private Ending large(String reason, boolean hasSmall) {
    asked.hops().cascaded("escalated; " + reason);
    Ending ending = new Ladder(tools, asked, Part.LARGE).climb();
    boolean servesSmall =
        hasSmall
            && cascade.cascade().keepsSmall()
            && ending instanceof Ending.Failed(Fault fault)
            && StaleAnswers.isTargets(fault)
            && !asked.answer().hasLeft();
    if (!servesSmall) {
      return ending;
    }
    asked.hops().smallKept();
    return serve("small; large-failed");
  }

  private Ending serve(String note) {
    Hops hops = asked.hops();
    hops.cascaded(note);
    hops.answeredBy(Part.SMALL);
    Map<String, String> headers = new LinkedHashMap<>(held.headers());
    headers.put(HEADER, note);
    headers.put(AnswerHeaders.ATTEMPTS, Integer.toString(hops.attempts()));
    hops.degraded()
        .ifPresent(step ->
            headers.merge(
                AnswerHeaders.DEGRADED, step, (without, small) -> small + ", " + without));
    asked.answer().begin(headers);
    try {
      held.passTo(asked.answer());
      return new Ending.Complete();
    } catch (ModelClient.SinkClosed e) {
      return new Ending.Failed(Fault.of(Fault.Kind.CANCELLED, "the client went away"));
    }
  }
}
