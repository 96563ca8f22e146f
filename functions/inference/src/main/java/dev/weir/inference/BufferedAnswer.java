package dev.weir.inference;

import dev.weir.api.CompletionHead;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer sent as one JSON body. */
final class BufferedAnswer extends Answer {

  private final Exchange exchange;
  private final Log log;
  private final GuardTrail guard;

  BufferedAnswer(
      CompletionHead head,
      Rendering rendering,
      InstantSource clock,
      Exchange exchange,
      Log log,
      GuardTrail guard) {
    super(head, rendering, clock);
    this.exchange = exchange;
    this.log = log;
    this.guard = guard;
  }

  @Override
  void take(ModelEvent event) {
    rendering().take(fold().accept(event));
  }

  @Override
  boolean hasLeft() {
    return false;
  }

  @Override
  void end(Ending ending, Bill bill) {
    Map<String, String> all = new LinkedHashMap<>(headers());
    all.put(AnswerHeaders.COST, Long.toString(bill.cost().microUsd()));
    all.put(AnswerHeaders.GUARD, guard.verdict());
    try {
      switch (ending) {
        case Ending.Complete _ -> exchange.json(200, all, rendering().body(fold().completion()));
        case Ending.Failed(Fault fault) ->
            exchange.problem(Problem.of(fault), AnswerHeaders.failed(headers(), bill, guard));
      }
    } catch (IOException e) {
      log.write(Line.warn("client_gone").with("requestId", exchange.requestId()).with(e));
    }
  }
}
