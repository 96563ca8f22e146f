package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.door.BrokenReplyException;
import dev.weir.door.Problem;
import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.inference.sagemaker.EndpointClient;
import dev.weir.inference.sagemaker.Invocation;
import dev.weir.killswitch.KillSwitch;
import dev.weir.ledger.Cost;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Breakers;
import dev.weir.route.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Makes an admitted invocation, tells the client what came of it and books it. One attempt. */
final class Invoking {

  private final Tools tools;

  /** What it works with. */
  record Tools(
      EndpointClient client,
      Breakers breakers,
      KillSwitch killSwitch,
      Optional<AsyncInvocations> async,
      EndpointBooks books,
      InstantSource clock) {}

  Invoking(Tools tools) {
    this.tools = tools;
  }

  /** What is known when an invocation has ended. */
  private record Done(Ending ending, EndpointReply reply, Cost cost) {}

  void serve(Visit visit, EndpointPlan plan, byte[] body, Decision.Admitted admitted)
      throws IOException {
    Map<String, String> headers = AnswerHeaders.limits(admitted.headroom());
    headers.put("x-weir-model", plan.endpoint().target());
    if (visit.guard().isMasked()) {
      headers.put(AnswerHeaders.GUARD, visit.guard().verdict());
    }
    Deadline deadline = deadline(visit, plan);
    EndpointReply reply =
        plan.mode() == Mode.STREAM
            ? new StreamReply(visit.exchange(), deadline, headers)
            : new WholeReply(deadline);
    Done done =
        new Done(
            new Ending.Failed(Fault.of(Fault.Kind.INTERNAL, "the gateway failed")),
            reply,
            plan.bound(body.length));
    try {
      done = ask(visit, plan, body, reply);
      headers.put(AnswerHeaders.COST, Long.toString(done.cost().microUsd()));
      tell(visit, plan, done, headers);
    } finally {
      tools
          .books()
          .invoked(visit, plan, admitted.reservation(), done.ending(), done.reply(), done.cost());
    }
  }

  private static Deadline deadline(Visit visit, EndpointPlan plan) {
    Deadline whole = visit.deadline();
    long end = Math.min(whole.endMillis(), whole.clock().millis() + plan.timeout().toMillis());
    return new Deadline(end, whole.firstContent(), whole.idle(), whole.clock());
  }

  private Done ask(Visit visit, EndpointPlan plan, byte[] body, EndpointReply reply) {
    String target = plan.endpoint().target();
    OptionalLong shut = tools.breakers().refusal(target, false);
    if (shut.isPresent()) {
      Duration wait = Duration.ofMillis(Math.max(1, shut.getAsLong() - tools.clock().millis()));
      Fault open = new Fault(Fault.Kind.UNAVAILABLE, "BreakerOpen", Optional.of(wait));
      return new Done(new Ending.Failed(open), reply, Cost.ZERO);
    }
    Invocation invocation;
    try {
      invocation = invocation(visit, plan, body);
    } catch (IOException e) {
      return new Done(
          new Ending.Failed(Fault.of(Fault.Kind.CONNECTION, "PutObject")), reply, Cost.ZERO);
    }
    long start = tools.clock().millis();
    Ending ending =
        CallSwitches.watch(
            tools.killSwitch(), visit.switches(), () -> tools.client().invoke(invocation, reply));
    tell(target, ending);
    Duration time = Duration.ofMillis(Math.max(0, tools.clock().millis() - start));
    return new Done(ending, reply, cost(plan, body.length, reply.bytes(), time, ending));
  }

  private Invocation invocation(Visit visit, EndpointPlan plan, byte[] body) throws IOException {
    if (plan.mode() == Mode.ASYNC) {
      return tools.async().orElseThrow().prepare(visit, plan, body);
    }
    Map<String, String> headers = new TreeMap<>(plan.headers());
    headers.put("Content-Type", plan.contentType());
    return new Invocation(
        plan.endpoint().endpoint(), plan.mode(), headers, body, plan.endpoint().maxReplyBytes());
  }

  private static Cost cost(
      EndpointPlan plan, long asked, long answered, Duration time, Ending ending) {
    if (answered == 0 && Billing.isUnused(ending)) {
      return Cost.ZERO;
    }
    return plan.mode() == Mode.ASYNC
        ? plan.accepted(asked)
        : plan.endpoint().price().of(time, asked + answered);
  }

  private void tell(String target, Ending ending) {
    if (!(ending instanceof Ending.Failed(Fault fault))) {
      tools.breakers().answered(target);
    } else if (fault.breakerPoints() > 0) {
      tools
          .breakers()
          .failed(target, fault.breakerPoints(), fault.retryAfter().orElse(Duration.ZERO));
    } else if (fault.kind() != Fault.Kind.CANCELLED && fault.kind() != Fault.Kind.SWITCHED_OFF) {
      tools.breakers().answered(target);
    }
  }

  private void tell(Visit visit, EndpointPlan plan, Done done, Map<String, String> headers)
      throws IOException {
    switch (done.ending()) {
      case Ending.Failed(Fault fault) -> failed(visit, done.reply(), fault, headers);
      case Ending.Complete _ -> {
        switch (done.reply()) {
          case StreamReply stream -> stream.close();
          case WholeReply whole -> answered(visit, plan, whole, headers);
        }
      }
    }
  }

  private static void failed(
      Visit visit, EndpointReply reply, Fault fault, Map<String, String> headers)
      throws IOException {
    if (reply instanceof StreamReply stream && stream.hasLeft()) {
      throw new BrokenReplyException(fault.detail());
    }
    Problem problem =
        fault.detail().equals("PutObject") ? Problem.objectsUnavailable() : Problem.of(fault);
    visit.exchange().problem(problem, headers);
  }

  private void answered(
      Visit visit, EndpointPlan plan, WholeReply whole, Map<String, String> headers)
      throws IOException {
    KeptReply reply =
        plan.mode() == Mode.ASYNC
            ? new KeptReply(
                202,
                "application/json",
                Map.of(),
                tools.async().orElseThrow().accepted(visit, plan, whole))
            : new KeptReply(200, whole.contentType(), whole.headers(), whole.body());
    visit.claim().ifPresent(claim -> claim.keep(reply.bytes()));
    headers.putAll(reply.headers());
    visit.exchange().body(reply.status(), reply.contentType(), headers, reply.body());
  }
}
