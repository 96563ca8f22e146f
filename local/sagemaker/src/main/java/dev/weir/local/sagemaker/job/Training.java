package dev.weir.local.sagemaker.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Step;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.time.Instant;

/**
 * Training jobs: their secondary statuses, spot capacity taken away and given back, the limits of
 * running and waiting, and the metrics at the end.
 */
public final class Training {
  private static final String OPERATION = "CreateTrainingJob";
  private static final String STOPPING = "StoppingCondition";
  private static final double SPOT_PRICE = 0.3;

  private final Context context;
  private final Jobs jobs;

  public Training(Context context, Jobs jobs) {
    this.context = context;
    this.jobs = jobs;
  }

  public JsonNode create(ObjectNode request) {
    JsonNode stopping = request.path(STOPPING);
    boolean spot = request.path("EnableManagedSpotTraining").asBoolean();
    if (spot
        && stopping.path("MaxWaitTimeInSeconds").asLong(-1) < maxRuntime(request).toSeconds()) {
      throw ApiError.validation(
          "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to"
              + " MaxRuntimeInSeconds");
    }
    if (!spot && stopping.has("MaxWaitTimeInSeconds")) {
      throw ApiError.validation(
          "Invalid MaxWaitTimeInSeconds. It should only be set when EnableManagedSpotTraining is"
              + " true");
    }
    return start(request).data();
  }

  /** Starts a job, also one of a tuning job. */
  Resource start(ObjectNode request) {
    Resource job = jobs.add(Kind.TRAINING_JOB, request);
    job.data().putObject("ModelArtifacts").put("S3ModelArtifacts", "");
    phase(job, "Starting");
    jobs.begin(job, JobStatus.IN_PROGRESS);
    Instant giveUp =
        context
            .time()
            .instant()
            .plusSeconds(
                job.data().path(STOPPING).path("MaxWaitTimeInSeconds").asLong(Integer.MAX_VALUE));
    context.later(
        job,
        Step.JOB_START,
        () -> {
          jobs.stamp(job, "StartTime");
          train(job, context.duration(Step.JOB_RUN, job), giveUp);
        });
    return job;
  }

  /**
   * Trains on.
   *
   * @param left how long it still has to train
   * @param giveUp when spot training waits no longer
   */
  private void train(Resource job, Duration left, Instant giveUp) {
    phase(job, "Training");
    if (jobs.taken(Course.NO_CAPACITY, OPERATION, job)) {
      fail(job, Jobs.NO_CAPACITY);
    } else if (isSpot(job) && jobs.taken(Course.SPOT_INTERRUPTED, OPERATION, job)) {
      context.after(job, left.dividedBy(2), () -> interrupt(job, left, giveUp));
    } else if (left.compareTo(maxRuntime(job.data())) > 0) {
      context.after(job, maxRuntime(job.data()), () -> cut(job, "MaxRuntimeExceeded"));
    } else {
      context.after(
          job, left, () -> context.course(job, OPERATION, Step.JOB_STOP, () -> finish(job, left)));
    }
  }

  /** With checkpoints half of the work is saved, without them none. */
  private void interrupt(Resource job, Duration left, Instant giveUp) {
    phase(job, "Interrupted");
    Duration wait = context.duration(Step.SPOT_WAIT, job);
    Duration patience = Duration.between(context.time().instant(), giveUp);
    if (wait.compareTo(patience) > 0) {
      context.after(job, patience, () -> cut(job, "MaxWaitTimeExceeded"));
    } else {
      Duration next = job.data().has("CheckpointConfig") ? left.dividedBy(2) : left;
      context.after(job, wait, () -> train(job, next, giveUp));
    }
  }

  private void cut(Resource job, String why) {
    phase(job, why);
    jobs.end(job, JobStatus.STOPPED);
  }

  private void finish(Resource job, Duration trained) {
    if (jobs.taken(Course.FAILED, OPERATION, job)) {
      fail(job, Jobs.FAILED);
      return;
    }
    ObjectNode data = job.data();
    data.withObject("ModelArtifacts")
        .put(
            "S3ModelArtifacts",
            data.path("OutputDataConfig").path("S3OutputPath").asText()
                + "/"
                + job.name()
                + "/output/model.tar.gz");
    data.put("TrainingTimeInSeconds", trained.toSeconds());
    double billed = trained.toSeconds() * (isSpot(job) ? SPOT_PRICE : 1);
    data.put("BillableTimeInSeconds", Math.round(billed));
    ArrayNode metrics = data.putArray("FinalMetricDataList");
    for (JsonNode metric : data.path("AlgorithmSpecification").path("MetricDefinitions")) {
      String name = metric.path("Name").asText();
      context
          .scores()
          .of(job.name(), name)
          .ifPresent(value ->
              metrics
                  .addObject()
                  .put("MetricName", name)
                  .put("Value", value)
                  .put("Timestamp", context.time().instant().toString()));
    }
    phase(job, "Completed");
    jobs.end(job, JobStatus.COMPLETED);
  }

  public JsonNode stop(ObjectNode request) {
    stop(jobs.stoppable(Kind.TRAINING_JOB, request));
    return Json.object();
  }

  void stop(Resource job) {
    phase(job, "Stopping");
    jobs.stop(job, () -> phase(job, "Stopped"));
  }

  private void fail(Resource job, String reason) {
    phase(job, "Failed");
    jobs.fail(job, reason);
  }

  private void phase(Resource job, String secondary) {
    String now = context.time().instant().toString();
    ObjectNode data = job.data();
    ArrayNode transitions = data.withArray("SecondaryStatusTransitions");
    if (!transitions.isEmpty()) {
      ((ObjectNode) transitions.get(transitions.size() - 1)).put("EndTime", now);
    }
    transitions
        .addObject()
        .put("Status", secondary)
        .put("StartTime", now)
        .put("StatusMessage", secondary);
    data.put("SecondaryStatus", secondary);
  }

  private static boolean isSpot(Resource job) {
    return job.data().path("EnableManagedSpotTraining").asBoolean();
  }

  private static Duration maxRuntime(JsonNode data) {
    return Duration.ofSeconds(
        data.path(STOPPING).path("MaxRuntimeInSeconds").asLong(Duration.ofDays(1).toSeconds()));
  }
}
