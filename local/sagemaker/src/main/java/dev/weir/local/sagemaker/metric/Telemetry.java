package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.endpoint.Endpoints;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The metrics that endpoints make themselves, each minute, from what they have to do. */
public final class Telemetry {
  private static final String LOAD = "load";
  private static final String INVOCATIONS = "AWS/SageMaker";
  private static final String INSTANCES = "/aws/sagemaker/Endpoints";

  private final Context context;
  private final Endpoints endpoints;
  private final Metrics metrics;

  public Telemetry(Context context, Endpoints endpoints, Metrics metrics) {
    this.context = context;
    this.endpoints = endpoints;
    this.metrics = metrics;
  }

  /**
   * Sets what an endpoint has to do; members not given stay as they are.
   *
   * @throws IllegalArgumentException a load has no such member
   */
  public void load(Resource endpoint, ObjectNode load) {
    Load.check(load);
    endpoint.condition().withObject(LOAD).setAll(load);
  }

  /** Notes one real invocation. */
  public void invoked(Resource endpoint, boolean good) {
    JsonNode variant = endpoint.data().path("ProductionVariants").path(0);
    Map<String, String> dimensions = dimensions(endpoint, variant);
    Instant now = context.time().instant();
    metrics.put(INVOCATIONS, "Invocations", dimensions, now, 1);
    metrics.put(INVOCATIONS, "Invocation5XXErrors", dimensions, now, good ? 0 : 1);
  }

  /** Writes down the minute that ends now. */
  public void minute() {
    Instant minute = context.time().instant().minus(Duration.ofMinutes(1));
    for (Resource endpoint : context.registry().all(Kind.ENDPOINT)) {
      if (Endpoints.serves(endpoint)) {
        Load load = Load.of(endpoint.condition().path(LOAD));
        JsonNode variants = endpoint.data().path("ProductionVariants");
        double weights =
            variants.valueStream().mapToDouble(each -> each.path("CurrentWeight").asDouble()).sum();
        for (JsonNode variant : variants) {
          double share = weights == 0 ? 0 : variant.path("CurrentWeight").asDouble() / weights;
          variant(endpoint, variant, load, load.invocationsPerMinute() * share, minute);
        }
        components(endpoint, load, minute);
        queue(endpoint, load, minute);
      }
    }
  }

  private void variant(
      Resource endpoint, JsonNode variant, Load load, double invocations, Instant minute) {
    Map<String, String> dimensions = dimensions(endpoint, variant);
    int instances = Math.max(1, variant.path("CurrentInstanceCount").asInt(1));
    double demand = load.cpuPerInvocation() * invocations / instances;
    InstanceType type = InstanceType.of(variant.path("InstanceType").asText("ml.m5.large"));
    double busy = Math.min(100, 2 + demand);
    one(INSTANCES, "CPUUtilization", dimensions, minute, busy * type.cores());
    one(INSTANCES, "MemoryUtilization", dimensions, minute, 35);
    if (type.gpus() > 0) {
      one(INSTANCES, "GPUUtilization", dimensions, minute, busy * type.gpus());
      double memory = load.gpuMemoryPercent() * type.gpus();
      one(INSTANCES, "GPUMemoryUtilization", dimensions, minute, memory);
    }
    if (invocations > 0) {
      boolean healthy = endpoints.isHealthy(endpoint);
      invocations(dimensions, load, invocations, instances, healthy, minute);
      double latency = load.latencyMillis() * Math.max(1, demand / 100);
      one(
          INVOCATIONS,
          "ConcurrentRequestsPerModel",
          dimensions,
          minute,
          invocations * latency / 60_000 / instances);
      spread("ModelLatency", dimensions, invocations, latency, minute);
      spread("ModelLoadingWaitTime", dimensions, invocations, load.loadingWaitMillis(), minute);
    }
  }

  private void invocations(
      Map<String, String> dimensions,
      Load load,
      double invocations,
      int instances,
      boolean healthy,
      Instant minute) {
    double failed = invocations * (healthy ? load.errorShare() : 1);
    MetricKey errors = MetricKey.of(INVOCATIONS, "Invocation5XXErrors", dimensions);
    metrics.put(
        errors,
        minute,
        bucket -> {
          bucket.add(1, failed);
          bucket.add(0, invocations - failed);
        });
    MetricKey all = MetricKey.of(INVOCATIONS, "Invocations", dimensions);
    metrics.put(all, minute, bucket -> bucket.add(1, invocations));
    one(INVOCATIONS, "InvocationsPerInstance", dimensions, minute, invocations / instances);
  }

  /** In microseconds; one of ten takes 1.6 times as long as usual. */
  private void spread(
      String name, Map<String, String> dimensions, double count, double millis, Instant minute) {
    metrics.put(
        MetricKey.of(INVOCATIONS, name, dimensions),
        minute,
        bucket -> {
          bucket.add(800 * millis, count * 0.5);
          bucket.add(1000 * millis, count * 0.4);
          bucket.add(1600 * millis, count * 0.1);
        });
  }

  /** Components share an endpoint's invocations evenly. */
  private void components(Resource endpoint, Load load, Instant minute) {
    List<Resource> components =
        context.registry().all(Kind.INFERENCE_COMPONENT).stream()
            .filter(each -> each.data().path("EndpointName").asText().equals(endpoint.name()))
            .toList();
    double each = load.invocationsPerMinute() / Math.max(1, components.size());
    for (Resource component : components) {
      int copies = component.data().path("RuntimeConfig").path("CurrentCopyCount").asInt();
      if (each > 0 && copies > 0) {
        Map<String, String> dimensions = Map.of("InferenceComponentName", component.name());
        one(INVOCATIONS, "InvocationsPerCopy", dimensions, minute, each / copies);
        double concurrent = each * load.latencyMillis() / 60_000 / copies;
        one(INVOCATIONS, "ConcurrentRequestsPerCopy", dimensions, minute, concurrent);
      }
    }
  }

  private void queue(Resource endpoint, Load load, Instant minute) {
    if (load.isQueued() || endpoint.data().has("AsyncInferenceConfig")) {
      List<Integer> counts =
          endpoint
              .data()
              .path("ProductionVariants")
              .valueStream()
              .map(variant -> variant.path("CurrentInstanceCount").asInt())
              .toList();
      int instances = counts.stream().mapToInt(Integer::intValue).sum();
      double backlog = load.backlogAfter(instances);
      Map<String, String> dimensions = Map.of("EndpointName", endpoint.name());
      one(INVOCATIONS, "ApproximateBacklogSize", dimensions, minute, backlog);
      double each = backlog / Math.max(1, instances);
      one(INVOCATIONS, "ApproximateBacklogSizePerInstance", dimensions, minute, each);
      boolean stranded = backlog > 0 && instances == 0;
      one(INVOCATIONS, "HasBacklogWithoutCapacity", dimensions, minute, stranded ? 1 : 0);
      endpoint.condition().withObject(LOAD).put("backlog", backlog);
    }
  }

  private void one(
      String namespace, String name, Map<String, String> dimensions, Instant at, double value) {
    metrics.put(namespace, name, dimensions, at, value);
  }

  private static Map<String, String> dimensions(Resource endpoint, JsonNode variant) {
    return Map.of(
        "EndpointName", endpoint.name(), "VariantName", variant.path("VariantName").asText());
  }
}
