package dev.weir.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Writes {@link Line}s as JSON, one per line. A line with metrics is also an embedded metric format
 * document (Amazon CloudWatch, "Embedded metric format specification"), so one line is both the log
 * and the metrics. Thread-safe.
 */
public final class Log {

  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;
  private final InstantSource clock;
  private final String namespace;
  private final Map<String, String> common;

  /**
   * @param namespace CloudWatch namespace of the metrics
   * @param common fields on every line, such as the environment
   */
  public Log(PrintStream out, InstantSource clock, String namespace, Map<String, String> common) {
    this.out = out;
    this.clock = clock;
    this.namespace = namespace;
    this.common = Map.copyOf(common);
  }

  public void write(Line line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writeTo(json, line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.write('\n');
    out.write(bytes.toByteArray(), 0, bytes.size());
    out.flush();
  }

  private void writeTo(JsonGenerator json, Line line) throws IOException {
    Instant now = clock.instant();
    json.writeStartObject();
    json.writeStringField("timestamp", now.toString());
    json.writeStringField("level", line.level());
    json.writeStringField("message", line.message());
    for (Map.Entry<String, String> field : common.entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    for (Map.Entry<String, Object> field : line.fields().entrySet()) {
      switch (field.getValue()) {
        case Long number -> json.writeNumberField(field.getKey(), number);
        case Double number -> json.writeNumberField(field.getKey(), number);
        case Boolean flag -> json.writeBooleanField(field.getKey(), flag);
        case List<?> values -> {
          json.writeArrayFieldStart(field.getKey());
          for (Object value : values) {
            json.writeString(value.toString());
          }
          json.writeEndArray();
        }
        default -> json.writeStringField(field.getKey(), field.getValue().toString());
      }
    }
    if (!line.metrics().isEmpty()) {
      writeMetrics(json, line, now);
    }
    json.writeEndObject();
  }

  private void writeMetrics(JsonGenerator json, Line line, Instant now) throws IOException {
    json.writeObjectFieldStart("_aws");
    json.writeNumberField("Timestamp", now.toEpochMilli());
    json.writeArrayFieldStart("CloudWatchMetrics");
    writeDirective(json, dimensionSets(line), line.metrics());
    for (Map.Entry<String, String> by : line.breakdowns().entrySet()) {
      Line.Unit unit = line.metrics().getOrDefault(by.getKey(), Line.Unit.NONE);
      writeDirective(
          json, List.of(List.of("environment", by.getValue())), Map.of(by.getKey(), unit));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeDirective(
      JsonGenerator json, List<List<String>> dimensions, Map<String, Line.Unit> metrics)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("Namespace", namespace);
    json.writeArrayFieldStart("Dimensions");
    for (List<String> set : dimensions) {
      json.writeStartArray();
      for (String dimension : set) {
        json.writeString(dimension);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (Map.Entry<String, Line.Unit> metric : metrics.entrySet()) {
      json.writeStartObject();
      json.writeStringField("Name", metric.getKey());
      json.writeStringField("Unit", metric.getValue().cloudWatchName());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * Every metric in total, and by model where the line names one; never by tenant: cardinality.
   * Shares of quotas only by quota, and what is said of an endpoint only by endpoint: those of
   * different ones add up to nothing.
   */
  private static List<List<String>> dimensionSets(Line line) {
    if (line.fields().containsKey(Names.QUOTA)) {
      return List.of(List.of("environment", Names.QUOTA, Names.TARGET));
    }
    if (line.fields().containsKey(Names.ENDPOINT)) {
      return List.of(List.of("environment", Names.ENDPOINT));
    }
    return line.fields().containsKey(Names.REQUEST_MODEL)
        ? List.of(List.of("environment"), List.of("environment", Names.REQUEST_MODEL))
        : List.of(List.of("environment"));
  }
}
