package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Step;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Set;

/** Inference components: models placed on an endpoint's instances in copies. */
public final class Components {
  private static final String RUNTIME = "RuntimeConfig";
  private static final String DESIRED = "DesiredCopyCount";
  private static final String CURRENT = "CurrentCopyCount";

  private final Context context;
  private final Tags tags;

  public Components(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  public JsonNode create(ObjectNode request) {
    Kind kind = Kind.INFERENCE_COMPONENT;
    String name = request.path(kind.nameMember()).asText();
    if (context.registry().find(kind, name).isPresent()) {
      throw ApiError.validation(
          "Cannot create already existing inference component \"" + name + "\".");
    }
    Resource endpoint =
        context.registry().require(Kind.ENDPOINT, request.path("EndpointName").asText());
    if (!endpoint.status().equals("InService")) {
      throw ApiError.validation("Endpoint \"" + endpoint.arn() + "\" is not in service.");
    }
    tags.take(context.arns().sagemaker(kind, name), request);
    ObjectNode data = request.deepCopy().put("EndpointArn", endpoint.arn());
    int copies = request.path(RUNTIME).path("CopyCount").asInt(1);
    data.putObject(RUNTIME).put(DESIRED, copies).put(CURRENT, 0);
    Resource component = context.create(kind, name, data);
    change(component, "CreateInferenceComponent", "Creating");
    return component.data();
  }

  public JsonNode update(ObjectNode request) {
    Resource component = settled(request);
    if (request.has("Specification")) {
      component.data().set("Specification", request.path("Specification"));
    }
    if (request.has(RUNTIME)) {
      setDesired(component, request.path(RUNTIME).path("CopyCount").asInt());
    }
    change(component, "UpdateInferenceComponent", "Updating");
    return component.data();
  }

  public JsonNode updateRuntimeConfig(ObjectNode request) {
    Resource component = settled(request);
    rescale(component, request.path("DesiredRuntimeConfig").path("CopyCount").asInt());
    return component.data();
  }

  /**
   * Changes the number of copies.
   *
   * @throws ApiError the component is being changed or has failed
   */
  public void rescale(Resource component, int copies) {
    allow(component, Set.of("InService"));
    setDesired(component, copies);
    change(component, "UpdateInferenceComponentRuntimeConfig", "Updating");
  }

  public JsonNode delete(ObjectNode request) {
    Resource component = settled(request);
    context.become(component, "Deleting");
    context.course(
        component,
        "DeleteInferenceComponent",
        Step.COMPONENT_CHANGE,
        () -> {
          context.remove(component);
          tags.forget(component.arn());
        });
    return Json.object();
  }

  private void change(Resource component, String operation, String meanwhile) {
    component.data().remove("FailureReason");
    context.become(component, meanwhile);
    context.course(
        component,
        operation,
        Step.COMPONENT_CHANGE,
        () -> {
          ObjectNode runtime = component.data().withObject(RUNTIME);
          int desired = runtime.path(DESIRED).asInt();
          if (taken(Course.NO_CAPACITY, operation, component)) {
            fail(
                component, "Insufficient capacity to place the copies of the inference component.");
          } else if (taken(Course.FAILED, operation, component)) {
            fail(component, "The container did not pass the ping health check.");
          } else {
            boolean partial = taken(Course.PARTIAL_CAPACITY, operation, component);
            runtime.put(CURRENT, partial ? Math.max(0, desired - 1) : desired);
            context.become(component, "InService");
          }
        });
  }

  private Resource settled(ObjectNode request) {
    Resource component =
        context
            .registry()
            .require(Kind.INFERENCE_COMPONENT, request.path("InferenceComponentName").asText());
    allow(component, Set.of("InService", "Failed"));
    return component;
  }

  private static void allow(Resource component, Set<String> statuses) {
    if (!statuses.contains(component.status())) {
      throw ApiError.validation(
          "Inference component \"%s\" is in status %s."
              .formatted(component.arn(), component.status()));
    }
  }

  private static void setDesired(Resource component, int copies) {
    component.data().withObject(RUNTIME).put(DESIRED, copies);
  }

  private boolean taken(Course course, String operation, Resource component) {
    return context.faults().take(course, operation, component.name()).isPresent();
  }

  private void fail(Resource component, String reason) {
    component.data().put("FailureReason", reason);
    context.become(component, "Failed");
  }
}
