package dev.weir.inference;

import dev.weir.api.CompletionHead;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.stream.SseWriter;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An answer sent as server-sent events. Status and headers are held back until the first content,
 * so that a model that fails before it gets an honest status; from then on silence is bridged by
 * heartbeats, and an answer that breaks ends in an error event without {@code [DONE]}.
 */
final class StreamedAnswer extends Answer {

  private final Exchange exchange;
  private final boolean includeUsage;
  private final boolean outlivesClient;
  private final Duration heartbeat;
  private final ScheduledExecutorService scheduler;
  private final Log log;
  private final GuardTrail guard;
  private Optional<Live> live = Optional.empty();
  private boolean isGone;

  private record Live(OutputStream out, SseWriter events, Future<?> heartbeats) {}

  StreamedAnswer(
      CompletionHead head,
      Rendering rendering,
      InstantSource clock,
      Exchange exchange,
      boolean includeUsage,
      boolean outlivesClient,
      Duration heartbeat,
      ScheduledExecutorService scheduler,
      Log log,
      GuardTrail guard) {
    super(head, rendering, clock);
    this.exchange = exchange;
    this.includeUsage = includeUsage;
    this.outlivesClient = outlivesClient;
    this.heartbeat = heartbeat;
    this.scheduler = scheduler;
    this.log = log;
    this.guard = guard;
  }

  @Override
  void take(ModelEvent event) throws ModelClient.SinkClosed {
    List<Rendering.Shown> shown = rendering().take(fold().accept(event));
    boolean isEmptyStop =
        event instanceof ModelEvent.Stopped(var reason)
            && reason.needsContent()
            && !fold().hasContent();
    if (isGone || shown.isEmpty() || isEmptyStop || (live.isEmpty() && isTotals(event))) {
      return;
    }
    try {
      SseWriter events = started().events();
      for (Rendering.Shown piece : shown) {
        piece.to(events);
      }
    } catch (IOException e) {
      leave(e);
    }
  }

  /** A client that will ask again by its idempotency key is answered to the end. */
  private void leave(IOException gone) throws ModelClient.SinkClosed {
    if (!outlivesClient) {
      throw new ModelClient.SinkClosed(gone);
    }
    isGone = true;
  }

  private static boolean isTotals(ModelEvent event) {
    return event instanceof ModelEvent.UsageReported;
  }

  private Live started() throws IOException {
    if (live.isEmpty()) {
      OutputStream out = exchange.events(headers());
      SseWriter events = new SseWriter(out, includeUsage);
      Future<?> heartbeats =
          scheduler.scheduleWithFixedDelay(
              () -> beat(events),
              heartbeat.toMillis(),
              heartbeat.toMillis(),
              TimeUnit.MILLISECONDS);
      live = Optional.of(new Live(out, events, heartbeats));
    }
    return live.get();
  }

  /** A heartbeat that cannot be written ends the beating; the next event finds the client gone. */
  private static void beat(SseWriter events) {
    try {
      events.heartbeat();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  boolean hasLeft() {
    return live.isPresent() || isGone;
  }

  @Override
  void end(Ending ending, Bill bill) {
    try {
      if (live.isEmpty()) {
        endUnstarted(ending, bill);
        return;
      }
      Live stream = live.get();
      stream.heartbeats().cancel(false);
      try (OutputStream out = stream.out()) {
        stream.events().comment(AnswerHeaders.GUARD + " " + guard.verdict());
        stream.events().comment(AnswerHeaders.COST + " " + bill.cost().microUsd());
        switch (ending) {
          case Ending.Complete _ -> rendering().end(stream.events(), fold().completion());
          case Ending.Failed(Fault fault) ->
              rendering().fail(stream.events(), Problem.of(fault).error());
        }
        out.flush();
      }
    } catch (IOException e) {
      log.write(Line.warn("client_gone").with("requestId", exchange.requestId()).with(e));
    }
  }

  private void endUnstarted(Ending ending, Bill bill) throws IOException {
    switch (ending) {
      case Ending.Complete _ -> {
        try (OutputStream out = exchange.events(headers())) {
          rendering().end(new SseWriter(out, includeUsage), fold().completion());
        }
      }
      case Ending.Failed(Fault fault) ->
          exchange.problem(Problem.of(fault), AnswerHeaders.failed(headers(), bill, guard));
    }
  }
}
