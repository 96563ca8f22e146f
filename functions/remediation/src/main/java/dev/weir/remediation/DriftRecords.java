package dev.weir.remediation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weir.remedy.drift.Baseline;
import dev.weir.remedy.drift.BaselineJson;
import dev.weir.remedy.drift.History;
import dev.weir.remedy.drift.History.Mark;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of drift: {@code BASELINE}/{@code ENDPOINT/VARIANT} and {@code DRIFT}/{@code
 * ENDPOINT}, the latter with the last windows of each variant and the last outcome of any.
 */
final class DriftRecords {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASELINE = "BASELINE";
  private static final String DRIFT = "DRIFT";
  private static final String TEXT = "baseline";
  private static final String WINDOWS = "windows#";

  private final RemediationTable table;

  DriftRecords(RemediationTable table) {
    this.table = table;
  }

  Optional<Baseline> baseline(String endpoint, String variant) {
    return table
        .find(BASELINE, endpoint + "/" + variant)
        .map(item -> BaselineJson.read(item.text(TEXT)));
  }

  /** Makes a baseline the one that windows are compared with. */
  void activate(String endpoint, String variant, Baseline baseline) {
    String name = endpoint + "/" + variant;
    table.write(
        BASELINE,
        name,
        table.find(BASELINE, name),
        Item.EMPTY
            .with("id", baseline.id())
            .with("madeAt", baseline.madeAt().toString())
            .with("rows", baseline.rows())
            .with(TEXT, BaselineJson.write(baseline)));
  }

  /**
   * What is kept of an endpoint before a window.
   *
   * @param item as it is in the table, to be written only if it still is so
   */
  record Kept(Optional<Item> item, History history) {}

  Kept history(String endpoint, String variant) {
    Optional<Item> item = table.find(DRIFT, endpoint);
    return new Kept(
        item,
        item.flatMap(found -> found.findText(WINDOWS + variant))
            .map(DriftRecords::read)
            .orElse(History.NONE));
  }

  void keep(
      String endpoint, String variant, Kept before, History history, String outcome, Instant now) {
    table.write(
        DRIFT,
        endpoint,
        before.item(),
        Item.EMPTY
            .with(WINDOWS + variant, text(history))
            .with("variant", variant)
            .with("outcome", outcome)
            .with("drifted", history.drifted())
            .with("at", now.toString()));
  }

  private static String text(History history) {
    ArrayNode marks = JSON.createArrayNode();
    history
        .marks()
        .forEach(mark ->
            marks
                .addObject()
                .put("from", mark.from().toString())
                .put("to", mark.to().toString())
                .put("baseline", mark.baseline())
                .put("psi", mark.psi())
                .put("drifted", mark.drifted()));
    return marks.toString();
  }

  private static History read(String text) {
    try {
      return new History(JSON.readTree(text).valueStream().map(DriftRecords::mark).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mark mark(JsonNode json) {
    return new Mark(
        Instant.parse(json.path("from").asText()),
        Instant.parse(json.path("to").asText()),
        json.path("baseline").asText(),
        json.path("psi").asDouble(),
        json.path("drifted").asBoolean());
  }
}
