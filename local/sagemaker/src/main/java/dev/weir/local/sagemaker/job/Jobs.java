package dev.weir.local.sagemaker.job;

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

/** What all kinds of jobs have in common: a name used once, a start, an end, a stop. */
public final class Jobs {
  static final String NO_CAPACITY =
      "CapacityError: Unable to provision requested ML compute capacity."
          + " Please retry using a different ML instance type.";
  static final String FAILED = "AlgorithmError: , exit code: 1";

  private final Context context;
  private final Tags tags;

  public Jobs(Context context, Tags tags) {
    this.context = context;
    this.tags = tags;
  }

  /** Creates a job of processing or transform, which runs and completes. */
  public JsonNode create(Kind kind, ObjectNode request) {
    if (kind == Kind.TRANSFORM_JOB) {
      context.registry().require(Kind.MODEL, request.path("ModelName").asText());
    }
    Resource job = add(kind, request);
    String operation = "Create" + kind.noun();
    begin(job, JobStatus.IN_PROGRESS);
    context.later(
        job,
        Step.JOB_START,
        () -> {
          stamp(job, "StartTime");
          context.course(
              job,
              operation,
              Step.JOB_RUN,
              () -> {
                if (taken(Course.NO_CAPACITY, operation, job)) {
                  fail(job, NO_CAPACITY);
                } else if (taken(Course.FAILED, operation, job)) {
                  fail(job, FAILED);
                } else {
                  end(job, JobStatus.COMPLETED);
                }
              });
        });
    return job.data();
  }

  /**
   * Adds a job without a status yet.
   *
   * @throws ApiError {@code ResourceInUse}: there is or was one of that name
   */
  Resource add(Kind kind, ObjectNode request) {
    String name = request.path(kind.nameMember()).asText();
    context
        .registry()
        .find(kind, name)
        .ifPresent(existing -> {
          throw ApiError.resourceInUse(
              "Job name must be unique within an AWS account and region,"
                  + " and a job with this name already exists ("
                  + existing.arn()
                  + ")");
        });
    tags.take(context.arns().sagemaker(kind, name), request);
    return context.create(kind, name, request);
  }

  /** Stops a job that is in progress. */
  public JsonNode stop(Kind kind, ObjectNode request) {
    stop(stoppable(kind, request), () -> {});
    return Json.object();
  }

  /**
   * The job to be stopped.
   *
   * @throws ApiError it neither starts nor is in progress
   */
  Resource stoppable(Kind kind, ObjectNode request) {
    Resource job = context.registry().require(kind, request.path(kind.nameMember()).asText());
    if (!JobStatus.IN_PROGRESS.is(job) && !JobStatus.STARTING.is(job)) {
      throw ApiError.validation(
          "The request was rejected because the job is in status " + job.status() + ".");
    }
    return job;
  }

  void stop(Resource job, Runnable atEnd) {
    begin(job, JobStatus.STOPPING);
    context.course(
        job,
        "Stop" + job.kind().noun(),
        Step.JOB_STOP,
        () -> {
          atEnd.run();
          end(job, JobStatus.STOPPED);
        });
  }

  void begin(Resource job, JobStatus status) {
    context.become(job, status.of(job.kind()));
  }

  void end(Resource job, JobStatus status) {
    stamp(job, "EndTime");
    context.become(job, status.of(job.kind()));
  }

  void fail(Resource job, String reason) {
    job.data().put("FailureReason", reason);
    end(job, JobStatus.FAILED);
  }

  boolean taken(Course course, String operation, Resource job) {
    return context.faults().take(course, operation, job.name()).isPresent();
  }

  /** As with {@code TrainingStartTime}: the noun without Job. */
  void stamp(Resource job, String which) {
    String noun = job.kind().noun().replace("Job", "");
    job.data().put(noun + which, context.time().instant().toString());
  }
}
