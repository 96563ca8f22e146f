package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.door.BrokenReplyException;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.endpoint.EndpointCatalog;
import dev.weir.endpoint.InferenceEndpoint;
import dev.weir.idempotency.Begin;
import dev.weir.inference.AsyncInvocations.Result;
import dev.weir.inference.sagemaker.Objects;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One invocation of an endpoint, or one look at an asynchronous one's result. */
final class EndpointFlow {

  private static final String DOOR = "endpoints";
  private static final Duration POLL = Duration.ofSeconds(5);

  private final Tools tools;

  /**
   * What the flow works with.
   *
   * @param async empty where the stack has no bucket for asynchronous invocations
   */
  record Tools(
      EndpointCatalog catalog,
      EndpointPlanner planner,
      Gate gate,
      Refusals refusals,
      Reservations reservations,
      Optional<AsyncInvocations> async,
      Invoking invoking,
      EndpointBooks books,
      Times times) {}

  EndpointFlow(Tools tools) {
    this.tools = tools;
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit = tools.times().visit(exchange, DOOR, remainingMillis);
    Map<String, String> path = exchange.request().pathParameters();
    String name = path.getOrDefault("name", "");
    Optional<InferenceEndpoint> endpoint = tools.catalog().find(name);
    if (endpoint.isEmpty()) {
      tools.refusals().refuse(visit, Problem.unknownEndpoint(name));
    } else if (path.containsKey("id")) {
      result(visit, endpoint.get(), path.getOrDefault("id", ""));
    } else {
      plan(visit, endpoint.get());
    }
  }

  private void plan(Visit visit, InferenceEndpoint endpoint) throws IOException {
    Optional<String> guard = tools.reservations().tenant(visit).flatMap(Tenant::guard);
    if (tools.refusals().refuseAtOnce(visit, Optional.of(endpoint.id()))) {
      return;
    }
    switch (tools
        .planner()
        .plan(
            visit.exchange().request(),
            endpoint,
            guard,
            AsyncInvocations.inputs(visit.tenantId()),
            tools.async().map(AsyncInvocations::objects))) {
      case EndpointPlan.Planned.Not(Problem problem) -> refuse(visit, endpoint, guard, problem);
      case EndpointPlan.Planned.Ready(EndpointPlan plan) -> guard(visit, plan);
    }
  }

  private void guard(Visit visit, EndpointPlan plan) throws IOException {
    switch (BodyGuard.apply(plan, visit.exchange().request().body(), visit.guard())) {
      case BodyGuard.Outcome.Not(Problem problem) ->
          refuse(visit, plan.endpoint(), plan.tenantGuard(), problem);
      case BodyGuard.Outcome.Passed(byte[] body) ->
          tools
              .gate()
              .pass(
                  visit,
                  new Gate.Subject(
                      plan.endpoint().id(),
                      CallSwitches.of(visit, plan.endpoint().id()),
                      plan.identity(),
                      plan.guards().versions()),
                  new Inside(plan, body));
    }
  }

  private void refuse(
      Visit visit, InferenceEndpoint endpoint, Optional<String> guard, Problem problem)
      throws IOException {
    switch (tools.refusals().refuse(visit, Optional.of(endpoint.id()), guard, problem)) {
      case DONE -> {}
      case GUARD_CHANGED -> plan(visit, endpoint);
    }
  }

  /** What happens behind the gate. */
  private final class Inside implements Gate.Door {
    private final EndpointPlan plan;
    private final byte[] body;

    private Inside(EndpointPlan plan, byte[] body) {
      this.plan = plan;
      this.body = body;
    }

    @Override
    public void proceed(Visit visit) throws IOException {
      String id = plan.endpoint().id();
      switch (tools.reservations().forAnswer(visit, id, 0, plan.bound(body.length))) {
        case Decision.Rejected rejected -> tools.refusals().refuse(visit, id, rejected);
        case Decision.Admitted admitted
            when tools.reservations().hasOtherGuard(visit, plan.tenantGuard()) -> {
          tools.reservations().giveBack(admitted.reservation());
          plan(visit, plan.endpoint());
        }
        case Decision.Admitted admitted -> tools.invoking().serve(visit, plan, body, admitted);
      }
    }

    @Override
    public boolean replay(Visit visit, Begin.Answered kept) throws IOException {
      Optional<KeptReply> reply = KeptReply.read(kept.answer());
      if (reply.isEmpty()) {
        return false;
      }
      String id = plan.endpoint().id();
      switch (tools.reservations().forKept(visit, id)) {
        case Decision.Rejected rejected -> tools.refusals().refuse(visit, id, rejected);
        case Decision.Admitted admitted -> {
          Map<String, String> headers = AnswerHeaders.limits(admitted.headroom());
          headers.putAll(reply.get().headers());
          headers.put(Kept.REPLAY.header(), Kept.REPLAY.value());
          headers.put(AnswerHeaders.COST, "0");
          visit
              .exchange()
              .body(reply.get().status(), reply.get().contentType(), headers, reply.get().body());
          tools.books().replayed(visit, plan, reply.get());
        }
      }
      return true;
    }
  }

  /** A look at a result counts as a request, and costs nothing. */
  private void result(Visit visit, InferenceEndpoint endpoint, String id) throws IOException {
    tools
        .gate()
        .pass(
            visit,
            new Gate.Subject(endpoint.id(), CallSwitches.of(visit, endpoint.id()), id, ""),
            new Gate.Door() {
              @Override
              public void proceed(Visit passed) throws IOException {
                switch (tools.reservations().forKept(passed, endpoint.id())) {
                  case Decision.Rejected rejected ->
                      tools.refusals().refuse(passed, endpoint.id(), rejected);
                  case Decision.Admitted admitted -> tell(passed, endpoint, id, admitted);
                }
              }

              @Override
              public boolean replay(Visit passed, Begin.Answered kept) {
                return false;
              }
            });
  }

  private void tell(Visit visit, InferenceEndpoint endpoint, String id, Decision.Admitted admitted)
      throws IOException {
    Map<String, String> headers = AnswerHeaders.limits(admitted.headroom());
    Result result;
    try {
      result =
          tools.async().isPresent()
              ? tools.async().get().result(visit.tenantId(), endpoint.id(), id)
              : new Result.Unknown();
    } catch (IOException e) {
      tools.refusals().refuse(visit, endpoint.id(), Problem.objectsUnavailable());
      return;
    }
    switch (result) {
      case Result.Unknown _ ->
          tools.refusals().refuse(visit, endpoint.id(), Problem.unknownInvocation());
      case Result.Failed(String text) -> {
        visit.exchange().problem(Problem.invocationFailed(text), headers);
        tools.books().looked(visit, endpoint, "failed");
      }
      case Result.Running _ -> {
        headers.put("retry-after", Long.toString(POLL.toSeconds()));
        visit
            .exchange()
            .body(202, "application/json", headers, AsyncInvocations.running(endpoint, id));
        tools.books().looked(visit, endpoint, "running");
      }
      case Result.Done(Objects.Content content) -> {
        pass(visit, headers, content);
        tools.books().looked(visit, endpoint, "result");
      }
    }
  }

  /** Passes a result on as it comes; it may be larger than memory. */
  private static void pass(Visit visit, Map<String, String> headers, Objects.Content content) {
    try (InputStream body = content.body()) {
      OutputStream out = visit.exchange().stream(content.type(), headers);
      body.transferTo(out);
      out.close();
    } catch (IOException e) {
      // Whoever has gone, what has left must not look whole.
      throw new BrokenReplyException("ResultBrokeOff");
    }
  }
}
