package dev.weir.local.sagemaker.metric;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All values of one metric in one span of time. */
final class Bucket {
  private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,10})?|100)");

  private final TreeMap<Double, Double> values = new TreeMap<>();
  private double sum;
  private double count;
  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;

  void add(double value, double times) {
    values.merge(value, times, Double::sum);
    statistics(value * times, times, value, value);
  }

  /** Values of which only this is known: they have no percentiles. */
  void statistics(double addedSum, double addedCount, double least, double greatest) {
    sum += addedSum;
    count += addedCount;
    minimum = Math.min(minimum, least);
    maximum = Math.max(maximum, greatest);
  }

  void add(Bucket other) {
    other.values.forEach((value, times) -> values.merge(value, times, Double::sum));
    statistics(other.sum, other.count, other.minimum, other.maximum);
  }

  /**
   * A statistic; empty when there are no values for it.
   *
   * @throws ApiError the world does not know the statistic
   */
  OptionalDouble value(String statistic) {
    if (count == 0) {
      return OptionalDouble.empty();
    }
    return switch (statistic) {
      case "Sum" -> OptionalDouble.of(sum);
      case "Average" -> OptionalDouble.of(sum / count);
      case "Minimum" -> OptionalDouble.of(minimum);
      case "Maximum" -> OptionalDouble.of(maximum);
      case "SampleCount" -> OptionalDouble.of(count);
      default -> percentile(statistic);
    };
  }

  /** The least value that the share of all values does not exceed. */
  private OptionalDouble percentile(String statistic) {
    Matcher matcher = PERCENTILE.matcher(statistic);
    if (!matcher.matches()) {
      throw new ApiError("InvalidParameterValue", 400, "The statistic is not known: " + statistic);
    }
    double all = values.values().stream().mapToDouble(Double::doubleValue).sum();
    double rank = Double.parseDouble(matcher.group(1)) / 100 * all;
    double passed = 0;
    for (Map.Entry<Double, Double> entry : values.entrySet()) {
      passed += entry.getValue();
      if (passed >= rank - 1e-9) {
        return OptionalDouble.of(entry.getKey());
      }
    }
    return OptionalDouble.empty();
  }
}
