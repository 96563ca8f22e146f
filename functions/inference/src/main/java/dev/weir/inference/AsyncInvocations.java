package dev.weir.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.endpoint.InferenceEndpoint;
import dev.weir.inference.sagemaker.Invocation;
import dev.weir.inference.sagemaker.Objects;
import dev.weir.store.ResponseTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asynchronous invocations: their inputs and results in the stack's bucket, and which are whose.
 * Who an invocation belongs to is part of its record's name, so nobody else's is ever read.
 */
final class AsyncInvocations {

  /** How long a result can be fetched; the bucket forgets it a day later. */
  static final Duration RETENTION = Duration.ofHours(24);

  private static final String INPUTS = "async-input/";
  private static final int LONGEST_FAILURE = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ResponseTable table;
  private final Objects objects;
  private final InstantSource clock;

  /** What is known of one. */
  sealed interface Result {
    /** It has not ended. */
    record Running() implements Result {}

    record Done(Objects.Content content) implements Result {}

    /**
     * It has failed.
     *
     * @param text the failure object's, its beginning
     */
    record Failed(String text) implements Result {}

    /** It never was, is another's, or has expired. */
    record Unknown() implements Result {}
  }

  AsyncInvocations(ResponseTable table, Objects objects, InstantSource clock) {
    this.table = table;
    this.objects = objects;
    this.clock = clock;
  }

  Objects objects() {
    return objects;
  }

  /** Where a tenant's own inputs are. */
  static String inputs(String tenantId) {
    return INPUTS + tenantId + "/";
  }

  /** An invocation's id. */
  static String id(Visit visit) {
    return "inv_" + visit.exchange().requestId().substring("req_".length());
  }

  /** Puts the input in place, unless the client has, and makes the invocation that names it. */
  Invocation prepare(Visit visit, EndpointPlan plan, byte[] body) throws IOException {
    String key = plan.input().orElse(inputs(visit.tenantId()) + id(visit));
    if (plan.input().isEmpty()) {
      objects.put(key, plan.contentType(), body);
    }
    Map<String, String> headers = new TreeMap<>(plan.headers());
    headers.put("x-amzn-sagemaker-inputlocation", objects.location(key));
    headers.put("x-amzn-sagemaker-content-type", plan.contentType());
    headers.put("x-amzn-sagemaker-inference-id", id(visit));
    return new Invocation(
        plan.endpoint().endpoint(),
        plan.mode(),
        headers,
        new byte[0],
        plan.endpoint().maxReplyBytes());
  }

  /**
   * Notes whose an accepted invocation is and where its result will be.
   *
   * @return what the client is told
   */
  byte[] accepted(Visit visit, EndpointPlan plan, WholeReply reply) {
    long now = clock.millis();
    ObjectNode locations =
        JSON.createObjectNode()
            .put("output", reply.header("x-amzn-sagemaker-outputlocation"))
            .put("failure", reply.header("x-amzn-sagemaker-failurelocation"));
    table.fill(
        name(visit.tenantId(), plan.endpoint().id(), id(visit)),
        visit.exchange().requestId(),
        now,
        now + RETENTION.toMillis(),
        bytes(locations));
    return running(plan.endpoint(), id(visit));
  }

  /** What the client is told of one that has not ended. */
  static byte[] running(InferenceEndpoint endpoint, String id) {
    return bytes(
        JSON.createObjectNode()
            .put("id", id)
            .put("object", "endpoint.invocation")
            .put("endpoint", endpoint.id())
            .put("status", "running")
            .put("url", "/v1/endpoints/" + endpoint.id() + "/invocations/" + id));
  }

  /** What has become of an invocation. */
  Result result(String tenantId, String endpointId, String id) throws IOException {
    Optional<ResponseTable.Item> found =
        table
            .read(name(tenantId, endpointId, id))
            .filter(item -> item.expiresMillis() > clock.millis());
    if (found.isEmpty()) {
      return new Result.Unknown();
    }
    JsonNode locations = JSON.readTree(found.get().value());
    Optional<Objects.Content> output = read(locations.path("output").asText());
    if (output.isPresent()) {
      return new Result.Done(output.get());
    }
    Optional<Objects.Content> failure = read(locations.path("failure").asText());
    if (failure.isEmpty()) {
      return new Result.Running();
    }
    try (var body = failure.get().body()) {
      return new Result.Failed(
          new String(body.readNBytes(LONGEST_FAILURE), StandardCharsets.UTF_8));
    }
  }

  private Optional<Objects.Content> read(String location) throws IOException {
    Optional<String> key = objects.key(location);
    return key.isPresent() ? objects.get(key.get()) : Optional.empty();
  }

  private static String name(String tenantId, String endpointId, String id) {
    return tenantId + "#async#" + endpointId + "#" + id;
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
