package dev.weir.local.sagemaker.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Step;
import dev.weir.local.sagemaker.wire.ApiError;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Optimisation jobs: they start, run no longer than they may, and recommend an image. */
public final class Optimization {
  private static final String OPERATION = "CreateOptimizationJob";
  private static final String IMAGE =
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0-lmi15.0.0-cu128";

  private final Context context;
  private final Jobs jobs;

  public Optimization(Context context, Jobs jobs) {
    this.context = context;
    this.jobs = jobs;
  }

  /**
   * Creates a job.
   *
   * @throws ApiError it has no technique, or its model is not there
   */
  public JsonNode create(ObjectNode request) {
    if (request.path("OptimizationConfigs").isEmpty()) {
      throw ApiError.validation("OptimizationConfigs must have at least one technique.");
    }
    String model = request.at("/ModelSource/SageMakerModel/ModelName").asText();
    if (!model.isEmpty()) {
      context.registry().require(Kind.MODEL, model);
    }
    Resource job = jobs.add(Kind.OPTIMIZATION_JOB, request);
    jobs.begin(job, JobStatus.STARTING);
    context.course(job, OPERATION, Step.JOB_START, () -> start(job));
    return job.data();
  }

  private void start(Resource job) {
    jobs.stamp(job, "StartTime");
    if (jobs.taken(Course.NO_CAPACITY, OPERATION, job)) {
      jobs.fail(job, Jobs.NO_CAPACITY);
      return;
    }
    jobs.begin(job, JobStatus.IN_PROGRESS);
    Duration most =
        Duration.ofSeconds(job.data().at("/StoppingCondition/MaxRuntimeInSeconds").asLong());
    context.after(job, most, () -> jobs.end(job, JobStatus.STOPPED));
    context.later(job, Step.JOB_RUN, () -> finish(job));
  }

  private void finish(Resource job) {
    if (jobs.taken(Course.FAILED, OPERATION, job)) {
      jobs.fail(job, Jobs.FAILED);
      return;
    }
    job.data().putObject("OptimizationOutput").put("RecommendedInferenceImage", image(job));
    jobs.end(job, JobStatus.COMPLETED);
  }

  /** That of its first technique that has one. */
  private static String image(Resource job) {
    return StreamSupport.stream(job.data().path("OptimizationConfigs").spliterator(), false)
        .flatMap(config -> Optional.ofNullable(config.findValue("Image")).stream())
        .map(JsonNode::asText)
        .findFirst()
        .orElse(IMAGE);
  }
}
