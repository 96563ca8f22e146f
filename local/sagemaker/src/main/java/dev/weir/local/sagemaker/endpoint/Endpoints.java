package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Endpoints: what may be asked of one in which status. */
public final class Endpoints {
  private static final String IN_SERVICE = "InService";
  private static final Set<String> UPDATABLE =
      Set.of(IN_SERVICE, "OutOfService", "UpdateRollbackFailed");
  private static final Set<String> DELETABLE =
      Set.of(IN_SERVICE, "OutOfService", "UpdateRollbackFailed", "Failed");

  private final Context context;
  private final Definitions definitions;
  private final Tags tags;
  private final Deployments deployments;
  private final Predicate<String> scaled;
  private final Consumer<String> deleting;

  /**
   * No endpoints yet.
   *
   * @param alarmed whether the alarm of that name is in state ALARM
   * @param scaled whether the resource, such as {@code endpoint/e/variant/v}, is a scalable target
   * @param deleting hears the name of an endpoint that begins to be deleted
   */
  public Endpoints(
      Context context,
      Definitions definitions,
      Tags tags,
      Predicate<String> alarmed,
      Predicate<String> scaled,
      Consumer<String> deleting) {
    this.context = context;
    this.definitions = definitions;
    this.tags = tags;
    this.scaled = scaled;
    this.deleting = deleting;
    deployments = new Deployments(context, alarmed);
  }

  public JsonNode create(ObjectNode request) {
    String name = request.path("EndpointName").asText();
    context
        .registry()
        .find(Kind.ENDPOINT, name)
        .ifPresent(existing -> {
          throw ApiError.validation(
              "Cannot create already existing endpoint \"" + existing.arn() + "\".");
        });
    Resource config = definitions.visibleConfig(request.path("EndpointConfigName").asText());
    tags.take(context.arns().sagemaker(Kind.ENDPOINT, name), request);
    ObjectNode data = Json.object().put("EndpointConfigName", config.name());
    data.set("ProductionVariants", Variants.of(context, config.data().path("ProductionVariants")));
    copyIfPresent(config.data(), data, "AsyncInferenceConfig");
    Resource endpoint = context.create(Kind.ENDPOINT, name, data);
    deployments.create(endpoint);
    return endpoint.data();
  }

  public JsonNode update(ObjectNode request) {
    Resource endpoint = require(request);
    allow(endpoint, UPDATABLE);
    Resource config = definitions.visibleConfig(request.path("EndpointConfigName").asText());
    if (config.name().equals(endpoint.data().path("EndpointConfigName").asText())) {
      throw ApiError.validation(
          "Cannot update endpoint \"%s\" with the endpoint configuration it already has."
              .formatted(endpoint.arn()));
    }
    JsonNode before = endpoint.data().path("ProductionVariants");
    var variants = Variants.of(context, config.data().path("ProductionVariants"));
    forbidTypeChange(endpoint, before, variants);
    if (request.path("RetainAllVariantProperties").asBoolean()) {
      Variants.retain(variants, before, excluded(request));
    }
    String rollout =
        request.path("RetainDeploymentConfig").asBoolean()
            ? "LastDeploymentConfig"
            : "DeploymentConfig";
    JsonNode policy = (rollout.startsWith("Last") ? endpoint.data() : request).path(rollout);
    new Rollout(policy).check(before, variants);
    deployments.update(endpoint, config.name(), variants, new Rollout(policy.deepCopy()));
    return endpoint.data();
  }

  public JsonNode updateWeightsAndCapacities(ObjectNode request) {
    rescale(require(request), request.path("DesiredWeightsAndCapacities"), _ -> {});
    return require(request).data();
  }

  /**
   * Changes weights and counts.
   *
   * @param done hears at the end whether there was capacity
   * @throws ApiError the endpoint is not in service, or has no such variant
   */
  public void rescale(Resource endpoint, JsonNode desired, Consumer<Boolean> done) {
    allow(endpoint, Set.of(IN_SERVICE));
    Map<String, JsonNode> variants = Variants.byName(endpoint.data().path("ProductionVariants"));
    for (JsonNode each : desired) {
      if (!variants.containsKey(each.path("VariantName").asText())) {
        throw ApiError.validation(
            "Could not find variant \"" + each.path("VariantName").asText() + "\".");
      }
    }
    if (desired.valueStream().filter(each -> each.has(Variants.DESIRED)).count() > 1) {
      throw ApiError.validation("The capacity of one variant only can be changed in one call.");
    }
    deployments.rescale(endpoint, variants, desired, done);
  }

  public JsonNode delete(ObjectNode request) {
    Resource endpoint = require(request);
    allow(endpoint, DELETABLE);
    boolean used =
        context.registry().all(Kind.INFERENCE_COMPONENT).stream()
            .anyMatch(each -> each.data().path("EndpointName").asText().equals(endpoint.name()));
    if (used) {
      throw ApiError.validation(
          "Cannot delete endpoint \"" + endpoint.arn() + "\": it has inference components.");
    }
    deleting.accept(endpoint.name());
    deployments.delete(endpoint, () -> tags.forget(endpoint.arn()));
    return Json.object();
  }

  /** Whether an invocation would be answered well now. */
  public boolean isHealthy(Resource endpoint) {
    return serves(endpoint)
        && !endpoint.condition().path("health").asText().equals("failing")
        && !context.faults().holds(Condition.PROBES_FAIL, endpoint.name());
  }

  /** Whether invocations reach its containers at all. */
  public static boolean serves(Resource endpoint) {
    return switch (endpoint.status()) {
      case IN_SERVICE, "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed" -> true;
      default -> false;
    };
  }

  private Resource require(ObjectNode request) {
    return context.registry().require(Kind.ENDPOINT, request.path("EndpointName").asText());
  }

  private static void allow(Resource endpoint, Set<String> statuses) {
    if (!statuses.contains(endpoint.status())) {
      throw ApiError.validation(
          endpoint.status().equals("Failed")
              ? "Cannot update endpoint \"%s\" in status Failed; it can only be deleted."
                  .formatted(endpoint.arn())
              : "Cannot update in-progress endpoint \"" + endpoint.arn() + "\".");
    }
  }

  private void forbidTypeChange(Resource endpoint, JsonNode before, JsonNode after) {
    Map<String, JsonNode> next = Variants.byName(after);
    Variants.byName(before)
        .forEach((name, variant) -> {
          JsonNode other = next.get(name);
          boolean changes =
              other != null && !other.path("InstanceType").equals(variant.path("InstanceType"));
          if (changes && scaled.test("endpoint/" + endpoint.name() + "/variant/" + name)) {
            throw ApiError.validation(
                "Cannot change the instance type of variant \"%s\": it is a scalable target."
                    .formatted(name));
          }
        });
  }

  private static Set<String> excluded(ObjectNode request) {
    return request
        .path("ExcludeRetainedVariantProperties")
        .valueStream()
        .map(property -> property.path("VariantPropertyType").asText())
        .collect(Collectors.toSet());
  }

  private static void copyIfPresent(ObjectNode from, ObjectNode to, String member) {
    if (from.has(member)) {
      to.set(member, from.path(member).deepCopy());
    }
  }
}
