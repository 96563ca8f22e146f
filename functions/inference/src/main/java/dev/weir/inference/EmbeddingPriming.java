package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.EmbeddingListWriter;
import dev.weir.api.EmbeddingRequest.Encoding;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardBook;
import dev.weir.inference.bedrock.InvokeModelClient;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.TenantDirectory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs the embeddings path's classes once before a snapshot is taken. Reads one item that is not
 * there; asks no model and spends nothing.
 */
final class EmbeddingPriming {

  private static final String NOBODY = "PRIMING";
  private static final byte[] REQUEST =
      "{\"model\":\"none\",\"input\":[\"a\",[1]],\"encoding_format\":\"base64\"}"
          .getBytes(StandardCharsets.UTF_8);

  private final EmbeddingRequestReader reader;
  private final TenantDirectory tenants;
  private final InvokeModelClient bedrock;
  private final GuardBook guards;
  private final Log log;

  EmbeddingPriming(
      EmbeddingRequestReader reader,
      TenantDirectory tenants,
      InvokeModelClient bedrock,
      GuardBook guards,
      Log log) {
    this.reader = reader;
    this.tenants = tenants;
    this.bedrock = bedrock;
    this.guards = guards;
    this.log = log;
  }

  void run() {
    reader.read(REQUEST);
    new TokenEstimate().text("load the vocabulary ".repeat(20), EstimateMode.TOKENS);
    EmbeddingListWriter.bytes("none", List.of(new float[] {1}), Encoding.BASE64, 1);
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
