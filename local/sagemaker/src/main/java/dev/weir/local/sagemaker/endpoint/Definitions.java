package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Step;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Instant;

/** Models and endpoint configurations: what does not change once it is created. */
public final class Definitions {
  private static final String VISIBLE_AT = "visibleAt";

  private final Context context;
  private final Tags tags;

  public Definitions(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  public JsonNode createModel(ObjectNode request) {
    if (!request.has("PrimaryContainer") && !request.has("Containers")) {
      throw ApiError.validation("Either PrimaryContainer or Containers must be specified.");
    }
    return create(Kind.MODEL, "model", request).data();
  }

  public JsonNode createConfig(ObjectNode request) {
    for (JsonNode variant : request.path("ProductionVariants")) {
      if (variant.has("ModelName")) {
        context.registry().require(Kind.MODEL, variant.path("ModelName").asText());
      }
      boolean serverless = variant.has("ServerlessConfig");
      if (serverless == variant.has("InstanceType")) {
        throw ApiError.validation("Specify either InstanceType or ServerlessConfig for a variant.");
      }
    }
    Resource config = create(Kind.ENDPOINT_CONFIG, "endpoint configuration", request);
    Instant visible = context.time().instant().plus(context.duration(Step.CONFIG_VISIBLE, config));
    config.condition().put(VISIBLE_AT, visible.toString());
    return config.data();
  }

  /** Deletes even what an endpoint uses, as the real service does. */
  public JsonNode delete(Kind kind, ObjectNode request) {
    Resource found = context.registry().require(kind, request.path(kind.nameMember()).asText());
    context.remove(found);
    tags.forget(found.arn());
    return Json.object();
  }

  /**
   * A configuration as endpoint operations see it: not at once after its creation.
   *
   * @throws ApiError there is none to be seen
   */
  Resource visibleConfig(String name) {
    Resource config = context.registry().require(Kind.ENDPOINT_CONFIG, name);
    Instant visible = Instant.parse(config.condition().path(VISIBLE_AT).asText());
    if (context.time().instant().isBefore(visible)) {
      throw ApiError.validation("Could not find endpoint configuration \"" + config.arn() + "\".");
    }
    return config;
  }

  private Resource create(Kind kind, String noun, ObjectNode request) {
    String name = request.path(kind.nameMember()).asText();
    context
        .registry()
        .find(kind, name)
        .ifPresent(existing -> {
          throw ApiError.validation(
              "Cannot create already existing " + noun + " \"" + existing.arn() + "\".");
        });
    tags.take(context.arns().sagemaker(kind, name), request);
    return context.create(kind, name, request);
  }
}
