package dev.weir.local.sagemaker.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model registry: groups of versioned model packages, and their approval. */
public final class Packages {
  private static final String GROUP = "ModelPackageGroupName";
  private static final String STATUS = "ModelPackageStatus";
  private static final String APPROVAL = "ModelApprovalStatus";

  private final Context context;
  private final Tags tags;
  private final Map<String, String> tokens = new HashMap<>();

  public Packages(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  public JsonNode createGroup(ObjectNode request) {
    Kind kind = Kind.MODEL_PACKAGE_GROUP;
    String name = request.path(GROUP).asText();
    context
        .registry()
        .find(kind, name)
        .ifPresent(group -> {
          throw ApiError.validation("Model Package Group already exists: " + group.arn());
        });
    tags.take(context.arns().sagemaker(kind, name), request);
    Resource group = context.create(kind, name, request);
    context.become(group, "Completed");
    return group.data();
  }

  public JsonNode deleteGroup(ObjectNode request) {
    Resource group =
        context.registry().require(Kind.MODEL_PACKAGE_GROUP, request.path(GROUP).asText());
    if (!versions(group.name()).isEmpty()) {
      throw conflict("The model package group still has model packages: " + group.name());
    }
    context.remove(group);
    tags.forget(group.arn());
    return Json.object();
  }

  /** A client token that was used before gives the package that was made then. */
  public JsonNode create(ObjectNode request) {
    Optional<Resource> before =
        Optional.ofNullable(tokens.get(request.path("ClientToken").asText()))
            .flatMap(name -> context.registry().find(Kind.MODEL_PACKAGE, name));
    return before.orElseGet(() -> add(request)).data();
  }

  private Resource add(ObjectNode request) {
    String name = request.path("ModelPackageName").asText();
    String group = request.path(GROUP).asText();
    if (request.has(GROUP)) {
      context.registry().require(Kind.MODEL_PACKAGE_GROUP, group);
      int version =
          1
              + versions(group).stream()
                  .mapToInt(each -> each.data().path("ModelPackageVersion").asInt())
                  .max()
                  .orElse(0);
      name = group + "/" + version;
      request.put("ModelPackageVersion", version).put("ModelPackageName", group);
      if (!request.has(APPROVAL)) {
        request.put(APPROVAL, "PendingManualApproval");
      }
    }
    if (name.isEmpty() || context.registry().find(Kind.MODEL_PACKAGE, name).isPresent()) {
      throw conflict("A model package of the name exists, or none was given: " + name);
    }
    tags.take(context.arns().sagemaker(Kind.MODEL_PACKAGE, name), request);
    if (request.has("ClientToken")) {
      tokens.put(request.path("ClientToken").asText(), name);
    }
    request.putObject("ModelPackageStatusDetails").putArray("ValidationStatuses");
    Resource made = context.create(Kind.MODEL_PACKAGE, name, request);
    context.become(made, "Completed");
    return made;
  }

  public JsonNode describe(ObjectNode request) {
    return require(request.path("ModelPackageName").asText()).data();
  }

  /** Approves or rejects, among other changes; each approval is an event. */
  public JsonNode update(ObjectNode request) {
    Resource found = require(request.path("ModelPackageArn").asText());
    request.remove(List.of("ModelPackageArn", "ClientToken"));
    found.data().setAll(request);
    context.become(found, found.data().path(STATUS).asText());
    return found.data();
  }

  public JsonNode delete(ObjectNode request) {
    Resource found = require(request.path("ModelPackageName").asText());
    context.remove(found);
    tags.forget(found.arn());
    return Json.object();
  }

  /** By ARN or by name. */
  private Resource require(String nameOrArn) {
    String name = nameOrArn.substring(nameOrArn.indexOf(":model-package/") + 1);
    return context.registry().require(Kind.MODEL_PACKAGE, name.replaceFirst("^model-package/", ""));
  }

  private List<Resource> versions(String group) {
    return context.registry().all(Kind.MODEL_PACKAGE).stream()
        .filter(each -> each.data().path(GROUP).asText().equals(group))
        .toList();
  }

  private static ApiError conflict(String message) {
    return new ApiError("ConflictException", 409, message);
  }
}
