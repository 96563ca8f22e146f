package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.endpoint.Components;
import dev.weir.local.sagemaker.endpoint.Definitions;
import dev.weir.local.sagemaker.endpoint.Endpoints;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Handler;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.HashMap;
import java.util.Map;

/** SageMaker's operations by name. */
final class SageMakerHandlers {
  private SageMakerHandlers() {}

  static Map<String, Handler> of(
      Context context,
      Definitions definitions,
      Endpoints endpoints,
      Components components,
      Tags tags) {
    Map<String, Handler> handlers = new HashMap<>();
    reading(handlers, context);
    handlers.put("CreateModel", definitions::createModel);
    handlers.put("DeleteModel", request -> definitions.delete(Kind.MODEL, request));
    handlers.put("CreateEndpointConfig", definitions::createConfig);
    handlers.put(
        "DeleteEndpointConfig", request -> definitions.delete(Kind.ENDPOINT_CONFIG, request));
    handlers.put("CreateEndpoint", endpoints::create);
    handlers.put("UpdateEndpoint", endpoints::update);
    handlers.put("UpdateEndpointWeightsAndCapacities", endpoints::updateWeightsAndCapacities);
    handlers.put("DeleteEndpoint", endpoints::delete);
    handlers.put("CreateInferenceComponent", components::create);
    handlers.put("UpdateInferenceComponent", components::update);
    handlers.put("UpdateInferenceComponentRuntimeConfig", components::updateRuntimeConfig);
    handlers.put("DeleteInferenceComponent", components::delete);
    tagging(handlers, context, tags);
    return handlers;
  }

  /** Describe and List of every kind, by its name. */
  private static void reading(Map<String, Handler> handlers, Context context) {
    for (Kind kind : Kind.values()) {
      handlers.put(
          "Describe" + kind.noun(),
          request ->
              context.registry().require(kind, request.path(kind.nameMember()).asText()).data());
      handlers.put(
          "List" + kind.noun() + "s", request -> Listing.list(context.registry(), kind, request));
    }
  }

  private static void tagging(Map<String, Handler> handlers, Context context, Tags tags) {
    handlers.put(
        "AddTags",
        request -> {
          String arn = tagged(context, request);
          tags.add(arn, request.path("Tags"));
          return listed(tags, arn);
        });
    handlers.put("ListTags", request -> listed(tags, tagged(context, request)));
    handlers.put(
        "DeleteTags",
        request -> {
          tags.remove(tagged(context, request), request.path("TagKeys"));
          return Json.object();
        });
  }

  private static JsonNode listed(Tags tags, String arn) {
    ObjectNode reply = Json.object();
    reply.set("Tags", tags.list(arn));
    return reply;
  }

  private static String tagged(Context context, ObjectNode request) {
    String arn = request.path("ResourceArn").asText();
    if (context.registry().byArn(arn).isEmpty()) {
      throw ApiError.validation("Could not find the resource \"" + arn + "\".");
    }
    return arn;
  }
}
