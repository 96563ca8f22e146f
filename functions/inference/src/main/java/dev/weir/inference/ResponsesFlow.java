package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.Parsed;
import dev.weir.api.ResponsesReader;
import dev.weir.api.ResponsesRequest;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.session.Lifetimes;
import dev.weir.session.Sessions;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.util.Optional;

/**
 * One response: read, find what it goes on from, and then the flow of a chat completion in other
 * words.
 */
final class ResponsesFlow {

  static final String DOOR = "responses";

  private final Tools tools;
  private final Summaries summaries;

  /** A request with what holds for all of it. */
  private record Asked(ResponsesRequest request, EstimateMode mode, boolean isKept) {}

  /**
   * What the flow works with.
   *
   * @param on whether this stack keeps anything
   */
  record Tools(
      ResponsesReader reader,
      Recollection recollection,
      Sessions sessions,
      Lifetimes lifetimes,
      boolean on,
      TokenEstimate estimate,
      Admission admission,
      Refusals refusals,
      ChatFlow answers,
      Times times,
      Log log) {}

  ResponsesFlow(Tools tools) {
    this.tools = tools;
    this.summaries = new Summaries(tools.answers(), tools.estimate(), tools.log());
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit = tools.times().visit(exchange, DOOR, remainingMillis);
    switch (tools.reader().read(exchange.request().body())) {
      case Parsed.Bad<ResponsesRequest>(var error) ->
          tools.refusals().refuse(visit, Problem.of(error));
      case Parsed.Ok<ResponsesRequest>(ResponsesRequest request) -> open(visit, request);
    }
  }

  private void open(Visit visit, ResponsesRequest request) throws IOException {
    Optional<Tenant> tenant = tools.admission().tenant(visit.tenantId());
    boolean isOff =
        !tools.on() || tenant.filter(known -> !known.sessions().isAllowed()).isPresent();
    if (isOff && request.needsSession()) {
      tools.refusals().refuse(visit, Problem.sessionsOff());
      return;
    }
    // As with OpenAI, what the client says nothing of is kept.
    Asked asked =
        new Asked(
            request,
            tenant.map(Tenant::estimate).orElse(EstimateMode.TOKENS),
            !isOff && request.store().orElse(true));
    switch (tools.recollection().find(visit.tenantId(), request, asked.mode(), asked.isKept())) {
      case Recollection.Found.Not(Problem problem) -> tools.refusals().refuse(visit, problem);
      case Recollection.Found.Ready(Remembered remembered) -> answer(visit, asked, remembered);
    }
  }

  /** Whether the tenant allows it, as known now. */
  private boolean allows(Visit visit) {
    return tools
        .admission()
        .tenant(visit.tenantId())
        .map(known -> known.sessions().isAllowed())
        .orElse(false);
  }

  private void answer(Visit visit, Asked asked, Remembered remembered) throws IOException {
    switch (tools.reader().chat(asked.request(), remembered.items())) {
      case Parsed.Bad<ResponsesReader.Chat>(var error) ->
          tools.refusals().refuse(visit, Problem.of(error));
      case Parsed.Ok<ResponsesReader.Chat>(ResponsesReader.Chat chat) ->
          tools
              .answers()
              .answer(visit.as(form(visit, asked, remembered, chat.own())), chat.request());
    }
  }

  private ResponsesForm form(Visit arrived, Asked asked, Remembered remembered, int own) {
    return new ResponsesForm(
        asked.request(),
        remembered,
        own,
        asked.isKept() ? Optional.of(keeper(arrived, asked, remembered)) : Optional.empty(),
        remembered
            .due()
            .map(due ->
                visit ->
                    answer(visit, asked, summaries.told(visit, remembered, due, asked.mode()))));
  }

  private TurnKeeper keeper(Visit visit, Asked asked, Remembered remembered) {
    return new TurnKeeper(
        tools.sessions(),
        () ->
            tools
                .recollection()
                .lifetimes(
                    tools.lifetimes(),
                    asked.request(),
                    tools.admission().tenant(visit.tenantId()).map(Tenant::sessions)),
        () -> allows(visit),
        remembered,
        text -> tools.estimate().text(text, asked.mode()),
        tools.log());
  }
}
