package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Step;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What becomes of an endpoint in the time after a call. */
final class Deployments {
  private static final String REASON = "FailureReason";
  private static final String NO_CAPACITY =
      "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."
          + " Please retry using a different ML instance type or after some time.";
  private static final String NO_PING =
      "The primary container for the production variants did not pass the ping health check."
          + " Please check CloudWatch logs for this endpoint.";

  private final Context context;
  private final Predicate<String> alarmed;

  Deployments(Context context, Predicate<String> alarmed) {
    this.context = context;
    this.alarmed = alarmed;
  }

  void create(Resource endpoint) {
    Variants.mark(context, variants(endpoint), "Creating");
    context.become(endpoint, "Creating");
    String operation = "CreateEndpoint";
    context.course(
        endpoint,
        operation,
        Step.ENDPOINT_CREATE,
        () -> {
          if (taken(Course.NO_CAPACITY, operation, endpoint)) {
            fail(endpoint, "Failed", NO_CAPACITY);
          } else if (taken(Course.FAILED, operation, endpoint)) {
            fail(endpoint, "Failed", NO_PING);
          } else {
            Variants.settle(variants(endpoint), missing(operation, endpoint));
            context.become(endpoint, "InService");
          }
        });
  }

  void update(Resource endpoint, String config, ArrayNode next, Rollout rollout) {
    ObjectNode data = endpoint.data();
    data.remove(REASON);
    Variants.mark(context, next, "Creating");
    ObjectNode pending = data.putObject("PendingDeploymentSummary");
    pending.put("EndpointConfigName", config);
    pending.put("StartTime", context.time().instant().toString());
    pending.set("ProductionVariants", next);
    if (rollout.config().isObject()) {
      data.set("LastDeploymentConfig", rollout.config());
    }
    context.become(endpoint, "Updating");
    context.course(
        endpoint,
        "UpdateEndpoint",
        Step.ENDPOINT_UPDATE,
        () -> {
          Variants.mark(context, next, "Baking");
          context.after(
              endpoint,
              context.duration(Step.ENDPOINT_SHIFT, endpoint).plus(context.paced(rollout.bake())),
              () -> finish(endpoint, config, next, rollout.alarms()));
        });
  }

  private void finish(Resource endpoint, String config, ArrayNode next, List<String> alarms) {
    String operation = "UpdateEndpoint";
    if (taken(Course.SILENT_ROLLBACK, operation, endpoint)) {
      rollBack(endpoint, "");
    } else if (taken(Course.NO_CAPACITY, operation, endpoint)) {
      rollBack(endpoint, NO_CAPACITY);
    } else if (taken(Course.FAILED, operation, endpoint)) {
      rollBack(endpoint, NO_PING);
    } else if (taken(Course.ROLLBACK_FAILED, operation, endpoint)) {
      endpoint.data().remove("PendingDeploymentSummary");
      fail(endpoint, "UpdateRollbackFailed", NO_PING);
    } else if (alarms.stream().anyMatch(alarmed)) {
      rollBack(endpoint, "One or more alarms are in ALARM: " + alarms);
    } else {
      endpoint.data().put("EndpointConfigName", config);
      endpoint.data().set("ProductionVariants", next);
      endpoint.data().remove("PendingDeploymentSummary");
      endpoint.condition().remove("health");
      Variants.settle(next, missing(operation, endpoint));
      context.become(endpoint, "InService");
    }
  }

  /** In service as before; DescribeEndpoint's status does not tell it from success. */
  private void rollBack(Resource endpoint, String reason) {
    context.later(
        endpoint,
        Step.ENDPOINT_ROLLBACK,
        () -> {
          endpoint.data().remove("PendingDeploymentSummary");
          if (!reason.isEmpty()) {
            endpoint.data().put(REASON, reason);
          }
          context.become(endpoint, "InService");
        });
  }

  void rescale(
      Resource endpoint, Map<String, JsonNode> variants, JsonNode desired, Consumer<Boolean> done) {
    ArrayNode before = variants(endpoint).deepCopy();
    for (JsonNode change : desired) {
      JsonNode named =
          variants.getOrDefault(change.path("VariantName").asText(), MissingNode.getInstance());
      if (!(named instanceof ObjectNode variant)) {
        continue;
      }
      for (String property : List.of(Variants.DESIRED, Variants.WEIGHT)) {
        if (change.has(property)) {
          variant.set(property, change.path(property));
        }
      }
    }
    endpoint.data().remove(REASON);
    Variants.mark(context, variants(endpoint), "Updating");
    context.become(endpoint, "Updating");
    String operation = "UpdateEndpointWeightsAndCapacities";
    context.course(
        endpoint,
        operation,
        Step.ENDPOINT_RESCALE,
        () -> {
          if (taken(Course.NO_CAPACITY, operation, endpoint)) {
            done.accept(false);
            undo(endpoint, before);
          } else {
            Variants.settle(variants(endpoint), missing(operation, endpoint));
            context.become(endpoint, "InService");
            done.accept(true);
          }
        });
  }

  private void undo(Resource endpoint, ArrayNode before) {
    fail(endpoint, "RollingBack", NO_CAPACITY);
    context.later(
        endpoint,
        Step.ENDPOINT_ROLLBACK,
        () -> {
          endpoint.data().set("ProductionVariants", before);
          context.become(endpoint, "InService");
        });
  }

  void delete(Resource endpoint, Runnable gone) {
    context.become(endpoint, "Deleting");
    context.course(
        endpoint,
        "DeleteEndpoint",
        Step.ENDPOINT_DELETE,
        () -> {
          if (taken(Course.FAILED, "DeleteEndpoint", endpoint)) {
            fail(endpoint, "Failed", "The endpoint could not be deleted.");
          } else {
            context.remove(endpoint);
            gone.run();
          }
        });
  }

  private int missing(String operation, Resource endpoint) {
    return taken(Course.PARTIAL_CAPACITY, operation, endpoint) ? 1 : 0;
  }

  private boolean taken(Course course, String operation, Resource endpoint) {
    return context.faults().take(course, operation, endpoint.name()).isPresent();
  }

  private void fail(Resource endpoint, String status, String reason) {
    endpoint.data().put(REASON, reason);
    context.become(endpoint, status);
  }

  private static ArrayNode variants(Resource endpoint) {
    return endpoint.data().withArray("ProductionVariants");
  }
}
