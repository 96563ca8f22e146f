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

  private static final String DOOR = "responses";

  private final Tools tools;

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
    boolean isOff = !tools.on() || tenant.filter(known -> !known.sessions()).isPresent();
    if (isOff && request.needsSession()) {
      tools.refusals().refuse(visit, Problem.sessionsOff());
      return;
    }
    EstimateMode mode = tenant.map(Tenant::estimate).orElse(EstimateMode.TOKENS);
    switch (tools.recollection().find(visit.tenantId(), request, mode)) {
      case Recollection.Found.Not(Problem problem) -> tools.refusals().refuse(visit, problem);
      case Recollection.Found.Ready(Remembered remembered) -> {
        // As with OpenAI, what the client says nothing of is kept.
        Optional<TurnKeeper> keeper =
            isOff || !request.store().orElse(true)
                ? Optional.empty()
                : Optional.of(
                    new TurnKeeper(
                        tools.sessions(),
                        tools.lifetimes(),
                        () -> allows(visit),
                        remembered,
                        text -> tools.estimate().text(text, mode),
                        tools.log()));
        answer(visit, request, remembered, keeper);
      }
    }
  }

  /** Whether the tenant allows it, as known now. */
  private boolean allows(Visit visit) {
    return tools.admission().tenant(visit.tenantId()).map(Tenant::sessions).orElse(false);
  }

  private void answer(
      Visit visit, ResponsesRequest request, Remembered remembered, Optional<TurnKeeper> keeper)
      throws IOException {
    switch (tools.reader().chat(request, remembered.items())) {
      case Parsed.Bad<ResponsesReader.Chat>(var error) ->
          tools.refusals().refuse(visit, Problem.of(error));
      case Parsed.Ok<ResponsesReader.Chat>(ResponsesReader.Chat chat) ->
          tools
              .answers()
              .answer(
                  visit.as(new ResponsesForm(request, remembered, chat.own(), keeper)),
                  chat.request());
    }
  }
}
