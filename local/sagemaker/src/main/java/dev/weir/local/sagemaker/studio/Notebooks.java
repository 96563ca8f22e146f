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
import java.util.List;

/** Notebook instances. */
public final class Notebooks {
  private static final Kind KIND = Kind.NOTEBOOK_INSTANCE;
  private static final String STOPPED = "Stopped";
  private static final String FAILED = "Failed";

  private final Context context;
  private final Tags tags;

  public Notebooks(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  public JsonNode create(ObjectNode request) {
    String name = request.path(KIND.nameMember()).asText();
    if (context.registry().find(KIND, name).isPresent()) {
      throw ApiError.validation("Cannot create a duplicate Notebook Instance (" + name + ")");
    }
    tags.take(context.arns().sagemaker(KIND, name), request);
    ObjectNode data = request.deepCopy();
    if (request.has("LifecycleConfigName")) {
      data.set("NotebookInstanceLifecycleConfigName", request.path("LifecycleConfigName"));
    }
    data.put("Url", name + ".notebook." + context.arns().region() + ".sagemaker.aws");
    Resource notebook = context.create(KIND, name, data);
    begin(notebook, "CreateNotebookInstance");
    return notebook.data();
  }

  public JsonNode start(ObjectNode request) {
    Resource notebook = allowed(request, "Pending", List.of(STOPPED, FAILED));
    begin(notebook, "StartNotebookInstance");
    return Json.object();
  }

  private void begin(Resource notebook, String operation) {
    notebook.data().remove("FailureReason");
    context.become(notebook, "Pending");
    context.course(
        notebook,
        operation,
        Step.NOTEBOOK_START,
        () -> {
          if (taken(Course.NO_CAPACITY, operation, notebook)) {
            fail(notebook, "Insufficient capacity for the instance type in the Availability Zone.");
          } else if (taken(Course.FAILED, operation, notebook)) {
            fail(notebook, "Notebook Instance Lifecycle Config took longer than 5 minutes.");
          } else {
            context.become(notebook, "InService");
          }
        });
  }

  public JsonNode stop(ObjectNode request) {
    Resource notebook = allowed(request, "Stopping", List.of("InService"));
    context.become(notebook, "Stopping");
    context.course(
        notebook,
        "StopNotebookInstance",
        Step.NOTEBOOK_STOP,
        () -> context.become(notebook, STOPPED));
    return Json.object();
  }

  public JsonNode delete(ObjectNode request) {
    Resource notebook = allowed(request, "Deleting", List.of(STOPPED, FAILED));
    context.become(notebook, "Deleting");
    context.course(
        notebook,
        "DeleteNotebookInstance",
        Step.NOTEBOOK_STOP,
        () -> {
          context.remove(notebook);
          tags.forget(notebook.arn());
        });
    return Json.object();
  }

  private Resource allowed(ObjectNode request, String next, List<String> from) {
    Resource notebook = context.registry().require(KIND, request.path(KIND.nameMember()).asText());
    if (!from.contains(notebook.status())) {
      throw ApiError.validation(
          "Status (%s) not in (%s). Unable to transition to (%s) for Notebook Instance (%s)"
              .formatted(notebook.status(), from, next, notebook.arn()));
    }
    return notebook;
  }

  private boolean taken(Course course, String operation, Resource notebook) {
    return context.faults().take(course, operation, notebook.name()).isPresent();
  }

  private void fail(Resource notebook, String reason) {
    notebook.data().put("FailureReason", reason);
    context.become(notebook, FAILED);
  }
}
