package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.endpoint.Components;
import dev.weir.local.sagemaker.endpoint.Endpoints;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Optional;
import java.util.function.Consumer;

/** The capacity of what can be scaled: variants by instances, inference components by copies. */
public final class Capacities {
  private static final String VARIANT = "sagemaker:variant:DesiredInstanceCount";
  private static final String COMPONENT = "sagemaker:inference-component:DesiredCopyCount";

  private final Context context;
  private final Endpoints endpoints;
  private final Components components;

  public Capacities(Context context, Endpoints endpoints, Components components) {
    this.context = context;
    this.endpoints = endpoints;
    this.components = components;
  }

  /**
   * The capacity desired now; empty when the resource is gone.
   *
   * @throws ApiError the dimension is not known here
   */
  Optional<Integer> desired(ScalableTarget target) {
    return switch (target.dimension()) {
      case VARIANT ->
          endpoint(target)
              .flatMap(endpoint -> variant(endpoint, target))
              .map(variant -> variant.path("DesiredInstanceCount").asInt());
      case COMPONENT ->
          component(target)
              .map(each -> each.data().path("RuntimeConfig").path("DesiredCopyCount").asInt());
      default ->
          throw ApiError.validation("The dimension is not known here: " + target.dimension());
    };
  }

  /**
   * Changes it, by the call that Auto Scaling makes itself.
   *
   * @param done hears at the end whether there was capacity
   * @throws ApiError the resource is not in a state to be scaled, or is gone
   */
  void change(ScalableTarget target, int capacity, Consumer<Boolean> done) {
    if (target.dimension().equals(VARIANT)) {
      Resource endpoint = endpoint(target).orElseThrow(() -> gone(target));
      var desired = Json.array();
      desired.addObject().put("VariantName", part(target, 3)).put("DesiredInstanceCount", capacity);
      context
          .faults()
          .onCall("UpdateEndpointWeightsAndCapacities", endpoint.name())
          .ifPresent(Fault::refuse);
      endpoints.rescale(endpoint, desired, done);
    } else {
      components.rescale(component(target).orElseThrow(() -> gone(target)), capacity);
      done.accept(true);
    }
  }

  private static ApiError gone(ScalableTarget target) {
    return ApiError.validation("Resource not found: " + target.resource());
  }

  private Optional<Resource> endpoint(ScalableTarget target) {
    return context.registry().find(Kind.ENDPOINT, part(target, 1));
  }

  private Optional<Resource> component(ScalableTarget target) {
    return context.registry().find(Kind.INFERENCE_COMPONENT, part(target, 1));
  }

  private static Optional<JsonNode> variant(Resource endpoint, ScalableTarget target) {
    return endpoint
        .data()
        .path("ProductionVariants")
        .valueStream()
        .filter(variant -> variant.path("VariantName").asText().equals(part(target, 3)))
        .findFirst();
  }

  /** Of {@code endpoint/e/variant/v} or {@code inference-component/c}. */
  private static String part(ScalableTarget target, int index) {
    String[] parts = target.resource().split("/");
    return index < parts.length ? parts[index] : "";
  }
}
