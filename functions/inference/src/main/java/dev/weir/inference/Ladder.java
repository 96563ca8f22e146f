package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.guard.GuardTrail;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import dev.weir.route.NextStep;
import dev.weir.route.NextStep.Move;
import dev.weir.route.Reaction;
import dev.weir.route.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One call's way down its model's targets. One call, one thread. */
final class Ladder {

  private static final String REPAIR =
      "The last answer was not what was asked for. Answer with one JSON document that has every"
          + " required key, and nothing else: no prose, no code fence.";

  /** At least what that adds to the prompt: no token is shorter than a byte. */
  private static final long REPAIR_TOKENS = REPAIR.length() + 16;

  private final Hops.Part part;
  private final int before;
  private final Attempts.Tools tools;
  private final Attempts.Asked asked;
  private final ChatPlan plan;
  private final Answer answer;
  private final Hops hops;
  private final Candidates candidates;
  private final CallSwitches switches;
  private final List<Target> chain;
  private final Map<String, Long> sparedUntil = new HashMap<>();
  private final List<Target> usable = new ArrayList<>();
  private int place;

  /** An attempt to make. */
  private record Next(Target target, boolean isRepeat, boolean isRepair) {}

  /**
   * @param part what the answer is asked for
   */
  Ladder(Attempts.Tools tools, Attempts.Asked asked, Hops.Part part) {
    this.part = part;
    this.before = asked.hops().attempts();
    this.tools = tools;
    this.asked = asked;
    this.plan = asked.plan();
    this.answer = asked.answer();
    this.hops = asked.hops();
    this.candidates = new Candidates(plan, asked.admitted().reservation(), asked.key());
    this.switches = new CallSwitches(tools.killSwitch(), asked.visit().switches());
    this.chain = plan.model().chain();
  }

  Ending climb() {
    Optional<Next> next = nextTarget();
    Fault last = Fault.of(Fault.Kind.UNAVAILABLE, "BreakerOpen");
    int here = 0;
    while (next.isPresent()) {
      here = next.get().isRepeat() ? here + 1 : 1;
      Ending ending = attempt(next.get());
      if (!(ending instanceof Ending.Failed(Fault fault)) || answer.hasLeft()) {
        return ending;
      }
      fault
          .retryAfter()
          .ifPresent(wait -> sparedUntil.put(lastTarget().id(), now() + wait.toMillis()));
      boolean isStandInsOwn = isRefusal(fault) && lastTarget().step() != Target.Step.NONE;
      last = isStandInsOwn ? last : fault;
      next = after(isStandInsOwn ? Reaction.NEXT : fault.reaction(), fault, here);
    }
    if (attempts() == 0) {
      // Nothing was asked here; what was asked before, of another part, is still told.
      hops.last().ifPresent(target -> begin(target, hops.attempts()));
    }
    return new Ending.Failed(
        new Fault(last.kind(), last.detail() + hops.told(), earliest().or(last::retryAfter)));
  }

  /** Says what will be known of the answer when it comes. */
  private void begin(Target target, int attempts) {
    Map<String, String> headers = AnswerHeaders.asked(asked, target, attempts);
    headers.put(AnswerHeaders.GUARD, asked.visit().guard().verdict());
    hops.cascade().ifPresent(decided -> headers.put(CascadeRun.HEADER, decided));
    answer.begin(headers);
  }

  /** Of a stand-in it is about the stand-in: the model's own target has not refused the request. */
  private static boolean isRefusal(Fault fault) {
    return fault.kind() == Fault.Kind.INVALID || fault.kind() == Fault.Kind.REFUSED;
  }

  private Optional<Next> after(Reaction reaction, Fault fault, int here) {
    Duration jitter = tools.backoff().get();
    Duration pause = fault.retryAfter().filter(wait -> wait.compareTo(jitter) > 0).orElse(jitter);
    NextStep.Sofar sofar =
        new NextStep.Sofar(
            attempts(),
            plan.model().fallback().attempts(),
            here,
            pause,
            asked.visit().deadline().remaining());
    for (Move move : NextStep.after(reaction, sofar)) {
      Optional<Next> next =
          switch (move) {
            case NEXT -> nextTarget();
            case RETRY -> again(pause, false);
            case REPAIR -> again(pause, true);
          };
      if (next.isPresent()) {
        return next;
      }
    }
    return Optional.empty();
  }

  private Optional<Next> again(Duration pause, boolean isRepair) {
    Target target = lastTarget();
    if (candidates.obstacle(target, hops, isRepair ? REPAIR_TOKENS : 0).isPresent()
        || !tools.budget().take()) {
      return Optional.empty();
    }
    try {
      tools.sleeper().sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    return Optional.of(new Next(target, true, isRepair));
  }

  private int attempts() {
    return hops.attempts() - before;
  }

  private Target lastTarget() {
    return hops.last().orElseThrow();
  }

  private Optional<Next> nextTarget() {
    while (place < chain.size()) {
      Target target = chain.get(place++);
      Optional<String> obstacle = candidates.obstacle(target, hops, 0);
      if (obstacle.isPresent()) {
        hops.passOver(target, obstacle.get());
        continue;
      }
      if (target.step() != Target.Step.NONE && switches.isOff(target)) {
        hops.passOver(target, "switched off");
        continue;
      }
      usable.add(target);
      OptionalLong shut = tools.breakers().refusal(target.id(), chain.size() > 1);
      if (shut.isEmpty()) {
        return Optional.of(new Next(target, false, false));
      }
      hops.shut(target);
    }
    return Optional.empty();
  }

  private Ending attempt(Next next) {
    Target target = next.target();
    GuardTrail guard = asked.visit().guard();
    guard.attempt();
    begin(target, hops.attempts() + 1);
    long more = next.isRepair() ? REPAIR_TOKENS : 0;
    ModelCall call =
        new ModelCall(
            target.id(),
            next.isRepair() ? repaired(fit(target)) : fit(target),
            candidates.cap(target),
            true,
            target.tools());
    long start = now();
    Ending ending = new Ending.Failed(Fault.of(Fault.Kind.INTERNAL, "the gateway failed"));
    try {
      ending = answer.judge(switches.watch(target, () -> guarded(call, new Told(target))));
      ending = JsonAnswer.judge(ending, plan.request(), answer);
    } finally {
      hops.add(
          new Hops.Hop(
              target,
              ending,
              now() - start,
              tools
                  .billing()
                  .attempt(
                      plan,
                      target,
                      plan.promptTokens() + more,
                      answer.fold(),
                      ending,
                      guard.heard()),
              next.isRepeat(),
              part));
    }
    tell(target, ending);
    return ending;
  }

  /** With the guards between the model and its answer, where they look at answers. */
  private Ending guarded(ModelCall call, ModelClient.Sink sink) {
    if (!plan.guards().lookAtOutput()) {
      return tools.models().ask(call, deadline(), sink);
    }
    Visit visit = asked.visit();
    OutputGuard guard =
        new OutputGuard(plan.guards(), visit.guard(), tools.guardrail(), visit.deadline());
    GuardedSink guarded = new GuardedSink(sink, guard, visit.guard());
    return guarded.end(tools.models().ask(call, deadline(), guarded));
  }

  private void tell(Target target, Ending ending) {
    if (!(ending instanceof Ending.Failed(Fault fault))) {
      if (!answer.fold().hasContent()) {
        tools.breakers().answered(target.id());
      }
    } else if (fault.breakerPoints() == 0) {
      // Who refuses a request is there; of what was ended from here nothing is known.
      if (fault.kind() != Fault.Kind.CANCELLED && fault.kind() != Fault.Kind.SWITCHED_OFF) {
        tools.breakers().answered(target.id());
      }
    } else if (fault.kind() != Fault.Kind.DEADLINE || !answer.fold().hasContent()) {
      // A long answer that runs out of the request's time is not the target's failure.
      tools
          .breakers()
          .failed(target.id(), fault.breakerPoints(), fault.retryAfter().orElse(Duration.ZERO));
    }
  }

  /** Half of what is left is kept for the next target, where there may be one. */
  private Deadline deadline() {
    Deadline whole = asked.visit().deadline();
    boolean mayGoOn = place < chain.size() && attempts() + 1 < plan.model().fallback().attempts();
    Duration half = whole.remaining().dividedBy(2);
    return mayGoOn && half.compareTo(whole.firstContent()) < 0
        ? new Deadline(whole.endMillis(), half, whole.idle(), whole.clock())
        : whole;
  }

  private ChatRequest fit(Target target) {
    return target.promptCache().fit(plan.request(), plan.promptTokens());
  }

  private static ChatRequest repaired(ChatRequest request) {
    List<ChatRequest.ChatMessage> messages = new ArrayList<>(request.messages());
    messages.add(new ChatRequest.SystemMessage(REPAIR));
    return request.with(messages);
  }

  /** The earliest time a target that could have answered may be asked again, if all must wait. */
  private Optional<Duration> earliest() {
    long earliest = Long.MAX_VALUE;
    for (Target target : usable) {
      long spared = sparedUntil.getOrDefault(target.id(), 0L);
      earliest =
          Math.min(earliest, Math.max(spared, tools.breakers().reopens(target.id()).orElse(0)));
    }
    return usable.isEmpty() || earliest <= now()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(earliest - now()));
  }

  private long now() {
    return tools.clock().millis();
  }

  /** Passes events on and tells the breaker of the first content. */
  private final class Told implements ModelClient.Sink {
    private final Target target;
    private boolean isTold;

    private Told(Target target) {
      this.target = target;
    }

    @Override
    public void accept(ModelEvent event) throws ModelClient.SinkClosed {
      answer.accept(event);
      if (!isTold && answer.fold().hasContent()) {
        isTold = true;
        tools.breakers().answered(target.id());
      }
    }
  }
}
