package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.wire.ApiError;
import java.util.List;
import java.util.OptionalDouble;

/**
 * When an alarm is in which state (CloudWatch User Guide, "Configuring how alarms treat missing
 * data").
 *
 * @param periods evaluation periods N
 * @param toAlarm data points M of those N that must breach
 */
record AlarmRule(
    int periods, int toAlarm, Missing missing, Comparison comparison, double threshold) {

  /** CloudWatch looks further back than N periods, so that few missing points do not matter. */
  private static final int EXTRA = 2;

  /** What a missing data point counts as. */
  enum Missing {
    MISSING,
    IGNORE,
    BREACHING,
    NOT_BREACHING
  }

  /** How a value is compared with the threshold. */
  enum Comparison {
    GREATER_OR_EQUAL,
    GREATER,
    LESS,
    LESS_OR_EQUAL;

    boolean breaches(double value, double threshold) {
      return switch (this) {
        case GREATER_OR_EQUAL -> value >= threshold;
        case GREATER -> value > threshold;
        case LESS -> value < threshold;
        case LESS_OR_EQUAL -> value <= threshold;
      };
    }
  }

  /**
   * Reads a PutMetricAlarm request.
   *
   * @throws ApiError M is greater than N, or the world does not know the comparison
   */
  static AlarmRule of(JsonNode request) {
    int periods = request.path("EvaluationPeriods").asInt();
    int toAlarm = request.path("DatapointsToAlarm").asInt(periods);
    if (toAlarm > periods) {
      throw ApiError.validation("DatapointsToAlarm must not be greater than EvaluationPeriods.");
    }
    Missing missing =
        switch (request.path("TreatMissingData").asText("missing")) {
          case "missing" -> Missing.MISSING;
          case "ignore" -> Missing.IGNORE;
          case "breaching" -> Missing.BREACHING;
          case "notBreaching" -> Missing.NOT_BREACHING;
          default ->
              throw ApiError.validation(
                  "TreatMissingData must be one of breaching,"
                      + " notBreaching, ignore and missing.");
        };
    Comparison comparison =
        switch (request.path("ComparisonOperator").asText()) {
          case "GreaterThanOrEqualToThreshold" -> Comparison.GREATER_OR_EQUAL;
          case "GreaterThanThreshold" -> Comparison.GREATER;
          case "LessThanThreshold" -> Comparison.LESS;
          case "LessThanOrEqualToThreshold" -> Comparison.LESS_OR_EQUAL;
          default -> throw ApiError.validation("Anomaly detection is not known here.");
        };
    return new AlarmRule(
        periods, toAlarm, missing, comparison, request.path("Threshold").asDouble());
  }

  /** How many data points {@link #evaluate} looks at. */
  int range() {
    return periods + EXTRA;
  }

  /**
   * The state that follows.
   *
   * @param points the last {@link #range} data points, newest first
   */
  AlarmState evaluate(List<OptionalDouble> points, AlarmState current) {
    List<Double> existing =
        points.stream().filter(OptionalDouble::isPresent).map(OptionalDouble::getAsDouble).toList();
    List<Double> judged = existing.subList(0, Math.min(periods, existing.size()));
    long breaching = judged.stream().filter(this::breaches).count();
    int filled = periods - judged.size();
    if (filled == 0 || breaching >= toAlarm) {
      return breaching >= toAlarm ? AlarmState.ALARM : AlarmState.OK;
    }
    return switch (missing) {
      case BREACHING -> breaching + filled >= toAlarm ? AlarmState.ALARM : AlarmState.OK;
      case NOT_BREACHING -> AlarmState.OK;
      case IGNORE -> breaching < judged.size() ? AlarmState.OK : current;
      case MISSING -> {
        if (judged.isEmpty()) {
          yield AlarmState.INSUFFICIENT_DATA;
        }
        if (breaching < judged.size()) {
          yield AlarmState.OK;
        }
        yield isOld(points) ? AlarmState.ALARM : current;
      }
    };
  }

  boolean breaches(double value) {
    return comparison.breaches(value, threshold);
  }

  /** Whether the oldest point there is within N periods is at least M periods old. */
  private boolean isOld(List<OptionalDouble> points) {
    for (int age = Math.min(periods, points.size()); age >= toAlarm; age--) {
      if (points.get(age - 1).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
