package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.endpoint.Components;
import dev.weir.local.sagemaker.endpoint.Definitions;
import dev.weir.local.sagemaker.endpoint.Endpoints;
import dev.weir.local.sagemaker.job.Jobs;
import dev.weir.local.sagemaker.job.Optimization;
import dev.weir.local.sagemaker.job.Packages;
import dev.weir.local.sagemaker.job.Training;
import dev.weir.local.sagemaker.job.Tuning;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Handler;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.studio.Apps;
import dev.weir.local.sagemaker.studio.Notebooks;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.HashMap;
import java.util.List;
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
    serving(handlers, definitions, endpoints, components);
    studio(handlers, new Notebooks(context, tags), new Apps(context, tags));
    jobs(handlers, context, new Jobs(context, tags));
    packages(handlers, new Packages(context, tags));
    tagging(handlers, context, tags);
    return handlers;
  }

  private static void serving(
      Map<String, Handler> handlers,
      Definitions definitions,
      Endpoints endpoints,
      Components components) {
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
  }

  private static void studio(Map<String, Handler> handlers, Notebooks notebooks, Apps apps) {
    handlers.put("CreateNotebookInstance", notebooks::create);
    handlers.put("StartNotebookInstance", notebooks::start);
    handlers.put("StopNotebookInstance", notebooks::stop);
    handlers.put("DeleteNotebookInstance", notebooks::delete);
    handlers.put("CreateApp", apps::create);
    handlers.put("DescribeApp", apps::describe);
    handlers.put("DeleteApp", apps::delete);
  }

  private static void jobs(Map<String, Handler> handlers, Context context, Jobs jobs) {
    for (Kind kind : List.of(Kind.PROCESSING_JOB, Kind.TRANSFORM_JOB)) {
      handlers.put("Create" + kind.noun(), request -> jobs.create(kind, request));
      handlers.put("Stop" + kind.noun(), request -> jobs.stop(kind, request));
    }
    handlers.put("CreateOptimizationJob", new Optimization(context, jobs)::create);
    handlers.put("StopOptimizationJob", request -> jobs.stop(Kind.OPTIMIZATION_JOB, request));
    Training training = new Training(context, jobs);
    handlers.put("CreateTrainingJob", training::create);
    handlers.put("StopTrainingJob", training::stop);
    Tuning tuning = new Tuning(context, jobs, training);
    handlers.put("CreateHyperParameterTuningJob", tuning::create);
    handlers.put("StopHyperParameterTuningJob", tuning::stop);
    handlers.put("ListTrainingJobsForHyperParameterTuningJob", tuning::list);
  }

  private static void packages(Map<String, Handler> handlers, Packages packages) {
    handlers.put("CreateModelPackageGroup", packages::createGroup);
    handlers.put("DeleteModelPackageGroup", packages::deleteGroup);
    handlers.put("CreateModelPackage", packages::create);
    handlers.put("DescribeModelPackage", packages::describe);
    handlers.put("UpdateModelPackage", packages::update);
    handlers.put("DeleteModelPackage", packages::delete);
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
