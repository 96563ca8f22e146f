package dev.weir.local.sagemaker.metric;

import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.state.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All metrics, whoever made them. */
public final class Metrics {
  private final Context context;
  private final Map<MetricKey, Series> series = new HashMap<>();

  public Metrics(Context context) {
    this.context = context;
  }

  /** Takes one value in; faults may lose or delay it. */
  public void put(
      String namespace, String name, Map<String, String> dimensions, Instant at, double value) {
    put(MetricKey.of(namespace, name, dimensions), at, bucket -> bucket.add(value, 1));
  }

  /** Takes values in; faults may lose or delay them. */
  void put(MetricKey key, Instant at, Consumer<Bucket> values) {
    if (fault(Condition.METRICS_MISSING, key).isPresent()) {
      return;
    }
    Optional<Duration> delay = fault(Condition.METRICS_DELAYED, key);
    if (delay.isPresent()) {
      context.time().after(delay.get(), () -> store(key, at, values));
    } else {
      store(key, at, values);
    }
  }

  private void store(MetricKey key, Instant at, Consumer<Bucket> values) {
    values.accept(series.computeIfAbsent(key, _ -> new Series()).at(at, context.time().instant()));
  }

  /** All values of a metric from the start to before the end. */
  Bucket between(MetricKey key, Instant start, Instant end) {
    Series found = series.get(key);
    return found == null ? new Bucket() : found.between(start, end);
  }

  Set<MetricKey> keys() {
    return Set.copyOf(series.keySet());
  }

  private Optional<Duration> fault(Condition condition, MetricKey key) {
    if (context.faults().isEmpty()) {
      return Optional.empty();
    }
    return Stream.concat(Stream.of(key.namespace(), key.name()), key.dimensions().values().stream())
        .flatMap(subject -> context.faults().find(condition, subject).stream())
        .findFirst()
        .map(fault -> fault.delay().orElse(Duration.ofMinutes(5)));
  }
}
