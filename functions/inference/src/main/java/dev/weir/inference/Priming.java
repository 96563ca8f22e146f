package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.CompletionHead;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardBook;
import dev.weir.inference.bedrock.BedrockClient;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.stream.CompletionFold;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.TenantDirectory;
import java.nio.charset.StandardCharsets;

/**
 * Runs the chat path's classes once before a snapshot is taken, so that the first call after a
 * restore is a warm one. Reads one item that is not there; asks no model and spends nothing.
 */
final class Priming {

  private static final String NOBODY = "PRIMING";
  private static final byte[] REQUEST =
      """
      {"model":"none","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],
       "temperature":0,"max_tokens":1,"stream":true,"stream_options":{"include_usage":true}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final ChatRequestReader reader;
  private final TenantDirectory tenants;
  private final BedrockClient bedrock;
  private final TokenEstimate estimate = new TokenEstimate();
  private final GuardBook guards;
  private final Log log;

  Priming(
      ChatRequestReader reader,
      TenantDirectory tenants,
      BedrockClient bedrock,
      GuardBook guards,
      Log log) {
    this.guards = guards;
    this.reader = reader;
    this.tenants = tenants;
    this.bedrock = bedrock;
    this.log = log;
  }

  void run() {
    reader.read(REQUEST);
    estimate.text("load the vocabulary ".repeat(20), EstimateMode.TOKENS);
    CompletionFold fold = new CompletionFold(new CompletionHead("id", 0, "model"));
    fold.accept(new ModelEvent.Started());
    fold.accept(new ModelEvent.TextDelta(0, "text"));
    fold.accept(new ModelEvent.Stopped(StopReason.END_TURN));
    fold.accept(new ModelEvent.UsageReported(Usage.of(1, 1)));
    ChatCompletionWriter.bytes(fold.completion());
    // The number makes sets that look for phones load the numbering plans.
    guards.all().forEach(set -> set.judge(Direction.INPUT, "call +1 415 555 2671"));
    bedrock.prime();
    try {
      tenants.tenant(NOBODY);
    } catch (RuntimeException e) {
      log.write(Line.warn("not_primed").with(e));
      return;
    }
    log.write(Line.info("primed"));
  }
}
