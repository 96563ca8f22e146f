package dev.weir.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One structured log line, which may carry metrics (CloudWatch embedded metric format). Fields must
 * never hold a prompt, a key or a secret.
 */
public final class Line {

  /** CloudWatch metric units used here. */
  public enum Unit {
    COUNT("Count"),
    SECONDS("Seconds"),
    PERCENT("Percent"),
    NONE("None");

    private final String cloudWatchName;

    Unit(String cloudWatchName) {
      this.cloudWatchName = cloudWatchName;
    }

    String cloudWatchName() {
      return cloudWatchName;
    }
  }

  private final String level;
  private final String message;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final Map<String, Unit> metrics = new LinkedHashMap<>();
  private final Map<String, String> breakdowns = new LinkedHashMap<>();

  private Line(String level, String message) {
    this.level = level;
    this.message = message;
  }

  public static Line info(String message) {
    return new Line("INFO", message);
  }

  public static Line warn(String message) {
    return new Line("WARN", message);
  }

  public static Line error(String message) {
    return new Line("ERROR", message);
  }

  public Line with(String name, String value) {
    fields.put(name, value);
    return this;
  }

  /** Adds a field of several values. */
  public Line with(String name, List<String> values) {
    fields.put(name, List.copyOf(values));
    return this;
  }

  public Line with(String name, long value) {
    fields.put(name, value);
    return this;
  }

  public Line with(String name, boolean value) {
    fields.put(name, value);
    return this;
  }

  /** Adds the field only when there is a value. */
  public Line with(String name, Optional<String> value) {
    value.ifPresent(v -> fields.put(name, v));
    return this;
  }

  /** Names an exception by its class and place, not by its message, which may quote a prompt. */
  public Line with(Throwable thrown) {
    fields.put("exception", thrown.getClass().getName());
    StackTraceElement[] trace = thrown.getStackTrace();
    if (trace.length > 0) {
      fields.put("exceptionAt", trace[0].toString());
    }
    Throwable cause = thrown.getCause();
    if (cause != null) {
      fields.put("cause", cause.getClass().getName());
    }
    return this;
  }

  /** Adds a field that CloudWatch also counts as a metric. */
  public Line metric(String name, Unit unit, long value) {
    fields.put(name, value);
    metrics.put(name, unit);
    return this;
  }

  /** Adds a field that CloudWatch also counts as a metric. */
  public Line metric(String name, Unit unit, double value) {
    fields.put(name, value);
    metrics.put(name, unit);
    return this;
  }

  /**
   * Counts a metric of this line also by a field.
   *
   * @param field one of few values, for CloudWatch charges each
   */
  public Line countedBy(String metric, String field) {
    breakdowns.put(metric, field);
    return this;
  }

  String level() {
    return level;
  }

  String message() {
    return message;
  }

  Map<String, Object> fields() {
    return fields;
  }

  Map<String, Unit> metrics() {
    return metrics;
  }

  /** Fields by the metrics that are counted by them, too. */
  Map<String, String> breakdowns() {
    return breakdowns;
  }
}
