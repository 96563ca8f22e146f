package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an endpoint has to do, and how well it does it.
 *
 * @param invocationsPerMinute of the whole endpoint
 * @param errorShare of the invocations, 0 to 1, that end with a 5xx status
 * @param latencyMillis of the model where no instance is busy
 * @param loadingWaitMillis for a model of a multi-model endpoint
 * @param cpuPerInvocation percent of one core's minute that one invocation takes on each core
 * @param gpuMemoryPercent of each GPU
 * @param queuedPerMinute asynchronous requests that come
 * @param servedPerInstance asynchronous requests that one instance does in a minute
 * @param backlog asynchronous requests that wait
 */
record Load(
    double invocationsPerMinute,
    double errorShare,
    double latencyMillis,
    double loadingWaitMillis,
    double cpuPerInvocation,
    double gpuMemoryPercent,
    double queuedPerMinute,
    double servedPerInstance,
    double backlog) {
  private static final double MOST = 1e9;
  private static final Set<String> MEMBERS =
      new TreeSet<>(
          Set.of(
              "invocationsPerMinute",
              "errorShare",
              "latencyMillis",
              "loadingWaitMillis",
              "cpuPerInvocation",
              "gpuMemoryPercent",
              "queuedPerMinute",
              "servedPerInstance",
              "backlog"));

  static Load of(JsonNode json) {
    return new Load(
        json.path("invocationsPerMinute").asDouble(0),
        json.path("errorShare").asDouble(0),
        json.path("latencyMillis").asDouble(50),
        json.path("loadingWaitMillis").asDouble(0),
        json.path("cpuPerInvocation").asDouble(0.5),
        json.path("gpuMemoryPercent").asDouble(40),
        json.path("queuedPerMinute").asDouble(0),
        json.path("servedPerInstance").asDouble(10),
        json.path("backlog").asDouble(0));
  }

  /**
   * Checks the members of a load to be set.
   *
   * @throws IllegalArgumentException names a member that is not known, or out of its range
   */
  static void check(ObjectNode json) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!MEMBERS.contains(name) || !json.path(name).isNumber()) {
        throw new IllegalArgumentException("a load has numbers for " + MEMBERS + ", not " + name);
      }
      double value = json.path(name).asDouble();
      double most =
          switch (name) {
            case "errorShare" -> 1;
            case "gpuMemoryPercent" -> 100;
            default -> MOST;
          };
      if (value < 0 || value > most) {
        throw new IllegalArgumentException(name + " is from 0 to " + (long) most);
      }
    }
  }

  boolean isQueued() {
    return queuedPerMinute > 0 || backlog > 0;
  }

  /** What waits a minute later. */
  double backlogAfter(int instances) {
    return Math.max(0, backlog + queuedPerMinute - servedPerInstance * instances);
  }
}
