package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.CompletionHead;
import dev.weir.door.Problem;
import dev.weir.idempotency.Claim;
import dev.weir.model.Fault;
import dev.weir.stream.CompletionReplay;
import dev.weir.stream.SseWriter;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** Gives a request the form of answer it asked for: one body, or a stream of events. */
final class Answers {

  private final InstantSource clock;
  private final Duration heartbeat;
  private final ScheduledExecutorService scheduler;
  private final Log log;

  Answers(InstantSource clock, Duration heartbeat, ScheduledExecutorService scheduler, Log log) {
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.scheduler = scheduler;
    this.log = log;
  }

  /** An answer that a model will write. */
  Answer open(Visit visit, ChatPlan plan) {
    CompletionHead head = head(visit, plan);
    Rendering rendering = visit.form().rendering(visit, plan);
    return plan.request().stream()
        ? new StreamedAnswer(
            head,
            rendering,
            clock,
            visit.exchange(),
            plan.request().includeUsage(),
            visit.claim().isPresent(),
            heartbeat,
            scheduler,
            log,
            visit.guard())
        : new BufferedAnswer(head, rendering, clock, visit.exchange(), log, visit.guard());
  }

  /** What stands at the head of every answer to this request. */
  static CompletionHead head(Visit visit, ChatPlan plan) {
    return new CompletionHead(
        visit.form().idPrefix() + visit.exchange().requestId().substring("req_".length()),
        visit.startMillis() / 1000,
        plan.model().id());
  }

  /** An answer from the cache for who may have gone by now. */
  void replayOrLose(Visit visit, ChatPlan plan, ChatCompletion kept, Map<String, String> headers) {
    try {
      replay(visit, plan, Kept.CACHE, kept, headers);
    } catch (IOException e) {
      log.write(Line.warn("client_gone").with("requestId", visit.exchange().requestId()).with(e));
    }
  }

  /** An answer that is already there. */
  void replay(Visit visit, ChatPlan plan, Kept from, ChatCompletion kept, Map<String, String> ofHit)
      throws IOException {
    Rendering rendering = visit.form().rendering(visit, plan);
    List<Rendering.Shown> shown = rendering.take(CompletionReplay.chunks(kept));
    // What is replayed was judged, and kept, once; only what is shared is known to be clean.
    Map<String, String> headers =
        rendering.headers(from == Kept.REPLAY ? ofHit : guarded(visit, ofHit));
    Optional<Fault> fault = from == Kept.REPLAY ? Optional.empty() : rendering.keep(kept);
    if (fault.isPresent()) {
      visit.claim().ifPresent(Claim::release);
      visit.exchange().problem(Problem.of(fault.get()), headers);
      return;
    }
    visit.claim().ifPresent(claim -> claim.keep(ChatCompletionWriter.bytes(kept)));
    if (!plan.request().stream()) {
      visit.exchange().json(200, headers, rendering.body(kept));
      return;
    }
    try (OutputStream out = visit.exchange().events(headers)) {
      SseWriter events = new SseWriter(out, plan.request().includeUsage());
      for (Rendering.Shown piece : shown) {
        piece.to(events);
      }
      rendering.end(events, kept);
    }
  }

  private static Map<String, String> guarded(Visit visit, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(AnswerHeaders.GUARD, visit.guard().verdict());
    return all;
  }
}
