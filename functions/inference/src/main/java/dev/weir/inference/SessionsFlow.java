package dev.weir.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.admission.Decision;
import dev.weir.admission.Headroom;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.inference.SessionRoutes.Reply;
import dev.weir.session.SessionTooLargeException;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/** One request to what is kept: it passes the gate, counts as a request and costs nothing. */
final class SessionsFlow {

  /** For logs, metrics and audit: what asks no model is none of its figures. */
  private static final String DOOR = "sessions";

  private final Tools tools;

  /** What the flow works with. */
  record Tools(
      SessionRoutes routes,
      Gate gate,
      Refusals refusals,
      Reservations reservations,
      Records records,
      RequestLines lines,
      Times times,
      Log log) {}

  SessionsFlow(Tools tools) {
    this.tools = tools;
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit = tools.times().visit(exchange, DOOR, remainingMillis);
    // What turns off the making of responses turns off what is kept of them.
    tools.gate().pass(visit, CallSwitches.ofDoor(visit, ResponsesFlow.DOOR), this::count);
  }

  private void count(Visit visit) throws IOException {
    switch (tools.reservations().forKept(visit)) {
      case Decision.Rejected rejected -> tools.refusals().refuse(visit, rejected);
      case Decision.Admitted admitted -> answer(visit, admitted.headroom());
    }
  }

  private void answer(Visit visit, Headroom headroom) throws IOException {
    switch (reply(visit)) {
      case Reply.Found(ObjectNode body) -> {
        send(visit, headroom, body);
        tools.lines().write(line(visit, "looked"));
      }
      case Reply.Changed(String action, String subject, ObjectNode body) -> {
        try {
          send(visit, headroom, body);
        } finally {
          // Made is made, whether or not its client has heard.
          Line line = line(visit, "changed");
          tools.records().changed(visit, action, subject, line);
          tools.lines().write(line);
        }
      }
      case Reply.Not(Problem problem) -> tools.refusals().refuse(visit, problem, headroom);
    }
  }

  private Reply reply(Visit visit) {
    Optional<Tenant> tenant = tools.reservations().tenant(visit);
    if (tenant.isEmpty()) {
      return new Reply.Not(Problem.sessionUnavailable());
    }
    try {
      return tools.routes().serve(tenant.get(), visit);
    } catch (SessionTooLargeException e) {
      return new Reply.Not(Problem.sessionTooLarge());
    } catch (SdkException e) {
      tools.log().write(Line.warn("session_unreachable").with(e));
      return new Reply.Not(Problem.sessionUnavailable());
    }
  }

  private static void send(Visit visit, Headroom headroom, ObjectNode body) throws IOException {
    Map<String, String> headers = AnswerHeaders.limits(headroom);
    if (!visit.guard().mark().versions().isEmpty()) {
      headers.put(AnswerHeaders.GUARD, visit.guard().verdict());
    }
    visit.exchange().json(200, headers, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Line line(Visit visit, String outcome) {
    return tools
        .lines()
        .start(visit, outcome)
        .with("route", SessionRoutes.route(visit.exchange().request()));
  }
}
