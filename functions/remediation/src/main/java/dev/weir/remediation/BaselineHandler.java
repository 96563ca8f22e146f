package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.drift.Baseline;
import dev.weir.remedy.drift.BaselineSample;
import dev.weir.remedy.drift.CaptureLine;
import dev.weir.remedy.drift.Column;
import dev.weir.remedy.drift.Payload;
import dev.weir.remedy.drift.Payload.Form;
import dev.weir.store.ObjectReader;
import dev.weir.store.ObjectReader.Entry;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes the baseline of a data set and lets windows be compared with it from now on. The same data
 * set gives the same baseline.
 */
public final class BaselineHandler implements RequestStreamHandler {

  private static final int MOST_FILES = 1000;
  private static final int SEED = 1;

  /** Kept to make the baseline, to write and to reply. */
  private static final int RESERVE_MILLIS = 20_000;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

  private final Optional<ObjectReader> bucket;
  private final DriftRecords records;
  private final InstantSource clock;
  private final Log log;

  /** Wired from the function's environment variables. */
  public BaselineHandler() {
    this(new Wiring("baseline"));
  }

  private BaselineHandler(Wiring wiring) {
    this(wiring.bucket(), new DriftRecords(wiring.table()), wiring.clock(), wiring.log());
  }

  BaselineHandler(
      Optional<ObjectReader> bucket, DriftRecords records, InstantSource clock, Log log) {
    this.bucket = bucket;
    this.records = records;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Ask ask = Ask.read(event);
    String endpoint = ask.name("endpoint");
    String variant = ask.name("variant", "AllTraffic");
    String id = ask.text("id");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id is no id");
    }
    DataSet set = DataSet.of(ask.part("source"));
    List<Entry> files = files(set);
    String snapshot = snapshot(files);
    Reply reply = new Reply(id, endpoint, variant, files.size(), snapshot);
    if (ask.flag("look") || !ask.find("snapshot").orElse(snapshot).equals(snapshot)) {
      Ask.write(reply.json(false, 0, 0, 0), out);
      return;
    }
    BaselineSample sample = new BaselineSample(new SplittableRandom(SEED));
    read(set, files, sample, context);
    Baseline baseline =
        sample.baseline(
            id,
            clock.instant(),
            set.order(),
            Set.copyOf(ask.texts("critical")),
            Set.copyOf(ask.texts("categorical")));
    records.activate(endpoint, variant, baseline);
    log.write(
        Line.info("baseline")
            .with("endpoint", endpoint)
            .with("variant", variant)
            .with("baseline", id)
            .with("rows", sample.seen()));
    Ask.write(reply.json(true, sample.seen(), baseline.rows(), baseline.columns().size()), out);
  }

  /** What is told of a data set, whether or not it became the baseline. */
  private record Reply(String id, String endpoint, String variant, int files, String snapshot) {
    ObjectNode json(boolean active, long rows, long sampled, int columns) {
      return Ask.object()
          .put("baseline", id)
          .put("endpoint", endpoint)
          .put("variant", variant)
          .put("active", active)
          .put("snapshot", snapshot)
          .put("rows", rows)
          .put("sampled", sampled)
          .put("columns", columns)
          .put("files", files);
    }
  }

  /**
   * A data set in the bucket.
   *
   * @param prefix of its files' keys
   * @param format {@code csv}, {@code jsonlines} or {@code capture}
   * @param header whether the first line of each file of CSV names the columns
   * @param order names of the columns by their place, as requests have them
   * @param target the column that a model answers; the answers are compared with it
   */
  private record DataSet(
      String prefix, String format, boolean header, List<String> order, Optional<String> target) {

    static DataSet of(Ask ask) {
      String format = ask.find("format").orElse("csv");
      if (!Set.of("csv", "jsonlines", "capture").contains(format)) {
        throw new IllegalArgumentException("format is csv, jsonlines or capture, not " + format);
      }
      return new DataSet(
          ask.text("prefix"), format, ask.flag("header"), ask.texts("columns"), ask.find("target"));
    }

    List<Map<String, String>> rows(String line, List<String> names) throws IOException {
      return switch (format) {
        case "capture" -> CaptureLine.read(line, order).rows();
        case "jsonlines" -> new Payload(order, "").rows(line, Form.JSON_LINES);
        default -> new Payload(names, "").rows(line, Form.CSV);
      };
    }

    /** A row as a window will have it: what the model answers is called as its answers are. */
    Map<String, String> renamed(Map<String, String> row) {
      Optional<String> value = target.map(name -> row.getOrDefault(name, ""));
      if (value.isEmpty()) {
        return row;
      }
      Map<String, String> renamed = new TreeMap<>(row);
      renamed.remove(target.get());
      renamed.put(Column.PREDICTION + "c0", value.get());
      return renamed;
    }
  }

  private ObjectReader objects() {
    return bucket.orElseThrow(() -> new IllegalStateException("the stack has no bucket of data"));
  }

  private List<Entry> files(DataSet set) throws IOException {
    List<Entry> files = objects().list(set.prefix(), MOST_FILES + 1);
    if (files.size() > MOST_FILES) {
      throw new IllegalArgumentException("a data set has at most " + MOST_FILES + " files");
    }
    return files;
  }

  /** What is the same as long as no file is added, taken away or changed. */
  private static String snapshot(List<Entry> files) {
    StringBuilder manifest = new StringBuilder();
    files.forEach(file ->
        manifest
            .append(file.key())
            .append('\t')
            .append(file.size())
            .append('\t')
            .append(file.version())
            .append('\n'));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(manifest.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(DataSet set, List<Entry> files, BaselineSample sample, Context context)
      throws IOException {
    for (Entry file : files) {
      if (context.getRemainingTimeInMillis() < RESERVE_MILLIS) {
        throw new IllegalStateException("the data set could not be read in time");
      }
      read(set, file.key(), sample, objects());
    }
  }

  private static void read(DataSet set, String key, BaselineSample sample, ObjectReader objects)
      throws IOException {
    try (var in = new BufferedReader(new InputStreamReader(objects.open(key), UTF_8))) {
      List<String> names = set.order();
      boolean first = set.header();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (first) {
          names = Payload.fields(line);
          first = false;
        } else if (!line.isBlank()) {
          set.rows(line, names).forEach(row -> sample.add(set.renamed(row)));
        }
      }
    }
  }
}
