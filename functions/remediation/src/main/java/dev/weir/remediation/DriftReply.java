package dev.weir.remediation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remediation.CaptureFiles.Taken;
import dev.weir.remediation.DriftHandler.Span;
import dev.weir.remedy.drift.ColumnScore;
import dev.weir.remedy.drift.DriftRules;
import dev.weir.remedy.drift.History;
import dev.weir.remedy.drift.Outcome;
import dev.weir.remedy.drift.Score;
import java.util.List;

/**
 * What a state machine is told of a window. Every member is always there, for JSONata fails on one
 * that is not.
 *
 * @param baseline id of the baseline; empty without one
 */
record DriftReply(
    Span span, Outcome outcome, String baseline, DriftRules rules, Taken taken, History history) {

  /** The columns that are farthest off. */
  private static final int COLUMNS = 20;

  ObjectNode json() {
    ObjectNode reply =
        Ask.object()
            .put("outcome", outcome.name())
            .put("mayTrain", outcome.mayTrain())
            .put("endpoint", span.endpoint())
            .put("variant", span.variant())
            .put("baseline", baseline);
    reply.putObject("window").put("from", span.from().toString()).put("to", span.to().toString());
    reply
        .putObject("windows")
        .put("drifted", history.drifted())
        .put("looked", history.marks().size())
        .put("of", rules.windows())
        .put("needed", rules.drifted());
    reply.putObject("files").put("read", taken.read()).put("leftOut", taken.leftOut());
    reply.put("rows", 0).put("psi", 0).put("reason", "");
    reply.putArray("drifted");
    reply.putArray("warned");
    reply.putArray("columns");
    reply.putArray("incidents");
    switch (outcome) {
      case Outcome.NoData(long rows, long needed) ->
          reply.put("rows", rows).put("reason", "%d rows are needed".formatted(needed));
      case Outcome.JobFailed(String reason) -> reply.put("reason", reason);
      case Outcome.SchemaBroken(long rows, List<String> incidents) -> {
        reply.put("rows", rows).put("reason", incidents.getFirst());
        incidents.forEach(reply.withArray("incidents")::add);
      }
      case Outcome.Drift(Score score, int _) -> write(reply, score);
      case Outcome.Ok(Score score, int _) -> write(reply, score);
    }
    return reply;
  }

  private static void write(ObjectNode reply, Score score) {
    reply.put("rows", score.rows()).put("psi", score.psi());
    score.drifted().forEach(reply.withArray("drifted")::add);
    score.warned().forEach(reply.withArray("warned")::add);
    ArrayNode columns = reply.withArray("columns");
    score.columns().stream().limit(COLUMNS).forEach(column -> write(columns.addObject(), column));
  }

  private static void write(ObjectNode json, ColumnScore column) {
    json.put("name", column.name())
        .put("critical", column.critical())
        .put("psi", column.psi())
        .put("level", column.level().name());
    column.ksP().ifPresent(p -> json.put("ksP", p));
  }
}
