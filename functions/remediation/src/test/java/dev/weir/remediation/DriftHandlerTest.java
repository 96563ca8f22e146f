package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remediation.Stage.Answer;
import dev.weir.store.ObjectReader;
import dev.weir.telemetry.Emitted;
import dev.weir.telemetry.Names;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DriftHandlerTest {

  private static final String BUCKET = "/data";

  private final SplittableRandom random = new SplittableRandom(11);
  private final Map<String, String> objects = new ConcurrentSkipListMap<>();
  private volatile boolean denied;
  private final Stage stage =
      new Stage((exchange, body) -> s3(exchange.getRequestURI().toString()));
  private final Optional<ObjectReader> bucket =
      Optional.of(new ObjectReader("data", stage.endpoint(), Stage.CREDENTIALS));
  private final DriftRecords records = new DriftRecords(stage.table);
  private final DriftHandler drift =
      new DriftHandler(bucket, "capture", records, stage.clock, stage.log);
  private final BaselineHandler baseline =
      new BaselineHandler(bucket, records, stage.clock, stage.log);

  DriftHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    stage.close();
  }

  private Answer s3(String uri) {
    if (denied) {
      return new Answer(403, new byte[0]);
    }
    if (uri.startsWith(BUCKET + "?")) {
      String prefix = URLDecoder.decode(uri.substring(uri.indexOf("prefix=") + 7), UTF_8);
      StringBuilder xml = new StringBuilder("<R>");
      objects.forEach((key, content) -> {
        if (key.startsWith(prefix)) {
          xml.append(
              "<C><Key>%s</Key><ETag>%d</ETag><Size>%d</Size></C>"
                  .formatted(key, content.hashCode(), content.length()));
        }
      });
      return Answer.ok(xml + "</R>");
    }
    return Answer.ok(objects.getOrDefault(uri.substring(BUCKET.length() + 1), ""));
  }

  /** A file of 600 captured requests, each of which asked for two rows. */
  private void capture(int hour, double shift) {
    ObjectMapper json = new ObjectMapper();
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      ObjectNode line = json.createObjectNode();
      ObjectNode data = line.putObject("captureData");
      data.putObject("endpointInput")
          .put("data", row(shift) + "\n" + row(shift))
          .put("encoding", "CSV");
      data.putObject("endpointOutput").put("data", "0.5\n0.5").put("encoding", "CSV");
      file.append(line).append('\n');
    }
    objects.put(
        "capture/scores/AllTraffic/2026/11/22/%02d/a.jsonl".formatted(hour), file.toString());
  }

  private String row(double shift) {
    return "%s,%s".formatted(random.nextGaussian() + shift, random.nextGaussian());
  }

  private void train() throws IOException {
    StringBuilder csv = new StringBuilder("age,income,score\n");
    IntStream.range(0, 5000).forEach(_ -> csv.append(row(0)).append(",0.5\n"));
    objects.put("training/2026-11/part-0.csv", csv.toString());
    stage.call(baseline, Stage.event("baseline"));
  }

  private static String hour(int hour) {
    return ("{\"endpoint\":\"scores\",\"window\":{\"from\":\"2026-11-22T%02d:00:00Z\","
            + "\"to\":\"2026-11-22T%02d:00:00Z\"}}")
        .formatted(hour, hour + 1);
  }

  private String outcome(int hour) throws IOException {
    return stage.call(drift, hour(hour)).path("outcome").asText();
  }

  private JsonNode asked(String member, String value) throws IOException {
    ObjectNode event = (ObjectNode) new ObjectMapper().readTree(Stage.event("baseline"));
    return stage.call(baseline, event.put(member, value).toString());
  }

  @Test
  void looking_tells_a_data_sets_snapshot_and_makes_no_baseline() throws IOException {
    train();
    ObjectNode event = (ObjectNode) new ObjectMapper().readTree(Stage.event("baseline"));
    JsonNode seen = stage.call(baseline, event.put("look", true).put("id", "other").toString());

    assertThat(seen.path("active").asBoolean()).isFalse();
    assertThat(seen.path("files").asInt()).isEqualTo(1);
    assertThat(records.baseline("scores", "AllTraffic").orElseThrow().id())
        .isEqualTo("training-2026-11");
    assertThat(asked("snapshot", seen.path("snapshot").asText()).path("active").asBoolean())
        .isTrue();
  }

  @Test
  void a_data_set_that_has_changed_is_no_baseline() throws IOException {
    train();
    String before = asked("id", "before").path("snapshot").asText();
    objects.computeIfPresent("training/2026-11/part-0.csv", (_, csv) -> csv.replace("0.5", "0.6"));

    assertThat(stage.call(baseline, Stage.event("baseline")).path("snapshot").asText())
        .isNotEqualTo(before);
    assertThat(asked("snapshot", before).path("active").asBoolean()).isFalse();
  }

  @Test
  void a_baseline_is_made_of_a_data_set_and_told() throws IOException {
    train();
    JsonNode reply = stage.call(baseline, Stage.event("baseline"));

    assertThat(reply.path("baseline").asText()).isEqualTo("training-2026-11");
    assertThat(reply.path("rows").asInt()).isEqualTo(5000);
    assertThat(reply.path("columns").asInt()).isEqualTo(3);
    assertThat(records.baseline("scores", "AllTraffic").orElseThrow().columns())
        .extracting(column -> column.name() + column.critical())
        .containsExactly("agefalse", "incometrue", "out.c0false");
  }

  @Test
  void data_that_has_not_moved_is_ok() throws IOException {
    train();
    capture(0, 0);
    capture(1, 0);

    JsonNode reply = stage.call(drift, Stage.event("drift"));

    assertThat(reply.path("outcome").asText()).isEqualTo("OK");
    assertThat(reply.path("mayTrain").asBoolean()).isFalse();
    assertThat(reply.path("rows").asInt()).isEqualTo(2400);
    assertThat(reply.path("psi").asDouble()).isLessThan(0.1);
    assertThat(reply.path("columns")).hasSize(3);
    assertThat(reply.at("/files/read").asInt()).isEqualTo(2);
    assertThat(reply.at("/files/leftOut").asInt()).isZero();
  }

  @Test
  void three_moved_windows_of_five_are_a_drift_and_only_then_the_metric_says_so()
      throws IOException {
    train();
    IntStream.range(0, 5).forEach(hour -> capture(hour, hour == 1 ? 0 : 1));

    assertThat(List.of(outcome(0), outcome(1), outcome(2), outcome(3), outcome(4)))
        .containsExactly("OK", "OK", "OK", "DRIFT", "DRIFT");
    assertThat(stage.lines().lines().filter(line -> line.contains("\"drift\"")))
        .extracting(line -> line.contains("\"weir.drift.persistent\":1"))
        .containsExactly(false, false, false, true, true);
    assertThat(stage.lines()).contains("[\"environment\",\"EndpointName\"]");
    for (String metric : List.of(Names.DRIFT_PERSISTENT, Names.DRIFT_PSI, Names.DRIFT_COLUMNS)) {
      Emitted.keep(metric, stage.lines());
    }
  }

  @Test
  void the_reply_to_a_drift_says_where_and_how_long() throws IOException {
    train();
    IntStream.range(0, 3).forEach(hour -> capture(hour, 1));
    outcome(0);
    outcome(1);

    JsonNode reply = stage.call(drift, hour(2));

    assertThat(reply.path("mayTrain").asBoolean()).isTrue();
    assertThat(reply.path("drifted").toString()).isEqualTo("[\"age\"]");
    assertThat(reply.path("windows").toString())
        .isEqualTo("{\"drifted\":3,\"looked\":3,\"of\":5,\"needed\":3}");
    assertThat(reply.at("/columns/0/name").asText()).isEqualTo("age");
    assertThat(reply.at("/columns/0/ksP").asDouble()).isLessThan(0.001);
    assertThat(reply.path("baseline").asText()).isEqualTo("training-2026-11");
    var item = stage.dynamo.item("remediation", "DRIFT", "scores");
    assertThat(item).containsKeys("outcome", "drifted", "windows#AllTraffic");
  }

  @Test
  void a_window_asked_for_again_counts_once() throws IOException {
    train();
    capture(0, 1);

    assertThat(List.of(outcome(0), outcome(0), outcome(0), outcome(0))).containsOnly("OK");
  }

  @Test
  void a_new_baseline_closes_the_loop() throws IOException {
    train();
    IntStream.range(0, 4).forEach(hour -> capture(hour, 1));
    outcome(0);
    outcome(1);
    assertThat(outcome(2)).isEqualTo("DRIFT");

    stage.call(
        baseline,
        "{\"endpoint\":\"scores\",\"id\":\"b2\",\"source\":{\"prefix\":\"capture/scores/\","
            + "\"format\":\"capture\",\"columns\":[\"age\",\"income\"]}}");

    JsonNode after = stage.call(drift, hour(3));
    assertThat(after.path("outcome").asText()).isEqualTo("OK");
    assertThat(after.path("psi").asDouble()).isLessThan(0.1);
    assertThat(after.at("/windows/drifted").asInt()).isZero();
  }

  @Test
  void no_rows_are_no_data() throws IOException {
    train();

    JsonNode reply = stage.call(drift, hour(0));

    assertThat(reply.path("outcome").asText()).isEqualTo("NO_DATA");
    assertThat(reply.path("reason").asText()).isEqualTo("1000 rows are needed");
    assertThat(stage.lines()).doesNotContain("CloudWatchMetrics");
  }

  @Test
  void other_columns_are_a_broken_schema_and_an_incident() throws IOException {
    train();
    capture(0, 0);
    objects.replaceAll((key, file) -> key.startsWith("capture") ? file.replace(",", ",7,") : file);
    objects.replaceAll(
        (key, file) -> key.startsWith("capture") ? file.replace(",7,\"", ",\"") : file);

    JsonNode reply = stage.call(drift, hour(0));

    assertThat(reply.path("outcome").asText()).isEqualTo("SCHEMA_BROKEN");
    assertThat(reply.path("incidents").toString()).contains("extra column c2 in 1200 rows");
    Emitted.keep(Names.DRIFT_INCIDENTS, stage.lines());
  }

  @Test
  void what_cannot_be_judged_is_a_failed_job_with_its_reason() throws IOException {
    assertThat(stage.call(drift, hour(0)).path("reason").asText())
        .isEqualTo("there is no baseline");
    train();
    objects.put("capture/scores/AllTraffic/2026/11/22/00/a.jsonl", "no json\n{}\n");
    assertThat(stage.call(drift, hour(0)).path("reason").asText())
        .isEqualTo("2 lines are none of a data capture");
    denied = true;
    JsonNode reply = stage.call(drift, hour(0));
    assertThat(reply.path("outcome").asText()).isEqualTo("JOB_FAILED");
    assertThat(reply.path("reason").asText()).isEqualTo("S3 answered 403");
    assertThat(
            stage
                .call(
                    new DriftHandler(Optional.empty(), "", records, stage.clock, stage.log),
                    hour(0))
                .path("reason")
                .asText())
        .isEqualTo("no bucket is captured to");
  }

  @Test
  void files_beyond_what_can_be_read_are_left_out_evenly_and_said() throws IOException {
    train();
    for (int i = 0; i < CaptureFiles.MOST_FILES + 100; i++) {
      objects.put(
          "capture/scores/AllTraffic/2026/11/22/00/%04d.jsonl".formatted(i),
          "{\"captureData\":{\"endpointInput\":{\"data\":\"0,0\",\"encoding\":\"CSV\"}}}");
    }

    JsonNode reply = stage.call(drift, hour(0));

    assertThat(reply.at("/files/read").asInt()).isEqualTo(CaptureFiles.MOST_FILES);
    assertThat(reply.at("/files/leftOut").asInt()).isEqualTo(100);
    assertThat(stage.heard).anyMatch(request -> request.endsWith("0598.jsonl"));
  }

  @Test
  void files_for_which_no_time_is_left_are_left_out() throws IOException {
    train();
    capture(0, 0);

    assertThat(stage.call(drift, hour(0), 15_000).at("/files/leftOut").asInt()).isEqualTo(1);
  }

  @Test
  void windows_are_of_whole_hours() {
    for (String window :
        List.of(
            "{\"from\":\"2026-11-22T00:30:00Z\",\"to\":\"2026-11-22T02:00:00Z\"}",
            "{\"from\":\"2026-11-22T02:00:00Z\",\"to\":\"2026-11-22T02:00:00Z\"}",
            "{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-22T02:00:00Z\"}",
            "{\"from\":\"today\",\"to\":\"2026-11-22T02:00:00Z\"}",
            "{}")) {
      assertThatThrownBy(
              () -> stage.call(drift, "{\"endpoint\":\"scores\",\"window\":" + window + "}"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_baseline_of_too_few_rows_or_of_an_unknown_format_changes_nothing() throws IOException {
    train();
    objects.put("training/few.csv", "1,2\n");
    Map<String, String> events =
        new TreeMap<>(
            Map.of(
                "{\"prefix\":\"training/few\"}", "a baseline needs 500 rows, not 1",
                "{\"prefix\":\"x\",\"format\":\"xml\"}",
                    "format is csv, jsonlines or capture, not xml"));
    events.forEach((source, message) ->
        assertThatThrownBy(() ->
                stage.call(
                    baseline, "{\"endpoint\":\"scores\",\"id\":\"b2\",\"source\":" + source + "}"))
            .hasMessage(message));
    assertThat(records.baseline("scores", "AllTraffic").orElseThrow().id())
        .isEqualTo("training-2026-11");
  }
}
