package dev.weir.local.sagemaker.studio;

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
import java.time.Duration;
import java.time.Instant;

/** Studio apps; one is known by domain, user profile or space, type and name. */
public final class Apps {
  private static final Kind KIND = Kind.APP;
  private static final Duration DELETED_SHOWN = Duration.ofHours(24);
  private static final long HEALTH_CHECK_SECONDS = 300;

  private final Context context;
  private final Tags tags;

  public Apps(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  /** An app's name in the world: domain, owner, type and name. */
  static String key(JsonNode request) {
    String owner = request.path("UserProfileName").asText(request.path("SpaceName").asText());
    return String.join(
        "/",
        request.path("DomainId").asText(),
        owner,
        request.path("AppType").asText(),
        request.path("AppName").asText());
  }

  /** The members that such a name stands for. */
  public static ObjectNode members(String key) {
    String[] parts = key.split("/", 4);
    if (parts.length < 4) {
      throw new IllegalArgumentException("an app is domain/owner/type/name, not " + key);
    }
    return Json.object()
        .put("DomainId", parts[0])
        .put("UserProfileName", parts[1])
        .put("AppType", parts[2])
        .put("AppName", parts[3]);
  }

  public JsonNode create(ObjectNode request) {
    String key = key(request);
    if (context.registry().find(KIND, key).stream().anyMatch(app -> !isDeleted(app))) {
      throw ApiError.resourceInUse("App " + key + " already exists.");
    }
    tags.take(context.arns().sagemaker(KIND, key), request);
    Resource app = context.create(KIND, key, request);
    context.become(app, "Pending");
    context.course(
        app,
        "CreateApp",
        Step.APP_START,
        () -> {
          boolean fails =
              context.faults().take(Course.FAILED, "CreateApp", name(app)).isPresent()
                  || context.faults().take(Course.NO_CAPACITY, "CreateApp", name(app)).isPresent();
          if (fails) {
            app.data().put("FailureReason", "InternalServerError");
          }
          context.become(app, fails ? "Failed" : "InService");
        });
    return app.data();
  }

  /** Health checks count as user activity, so the two times are one and tell nothing. */
  public JsonNode describe(ObjectNode request) {
    Resource app = require(request);
    if (app.status().equals("InService")) {
      long second = context.time().instant().getEpochSecond();
      String checked =
          Instant.ofEpochSecond(Math.floorDiv(second, HEALTH_CHECK_SECONDS) * HEALTH_CHECK_SECONDS)
              .toString();
      app.data().put("LastHealthCheckTimestamp", checked);
      app.data().put("LastUserActivityTimestamp", checked);
    }
    return app.data();
  }

  public JsonNode delete(ObjectNode request) {
    Resource app = require(request);
    if (isDeleted(app)) {
      throw ApiError.resourceNotFound("App " + app.name() + " does not exist.");
    }
    if (!app.status().equals("InService") && !app.status().equals("Failed")) {
      throw ApiError.resourceInUse("App " + app.name() + " is in status " + app.status() + ".");
    }
    context.become(app, "Deleting");
    context.course(
        app,
        "DeleteApp",
        Step.APP_DELETE,
        () -> {
          context.become(app, "Deleted");
          context.after(
              app,
              DELETED_SHOWN,
              () -> {
                context.remove(app);
                tags.forget(app.arn());
              });
        });
    return Json.object();
  }

  private static boolean isDeleted(Resource app) {
    return app.status().equals("Deleted");
  }

  private static String name(Resource app) {
    return app.data().path("AppName").asText();
  }

  private Resource require(ObjectNode request) {
    return context.registry().require(KIND, key(request));
  }
}
