package dev.weir.local.sagemaker.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Hyperparameter tuning jobs: so many training jobs, so many at once, the best one wins. */
public final class Tuning {
  private static final Kind KIND = Kind.TUNING_JOB;
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Context context;
  private final Jobs jobs;
  private final Training training;

  public Tuning(Context context, Jobs jobs, Training training) {
    this.context = context;
    this.jobs = jobs;
    this.training = training;
  }

  public JsonNode create(ObjectNode request) {
    Resource tuning = jobs.add(KIND, request);
    count(tuning, List.of());
    jobs.begin(tuning, JobStatus.IN_PROGRESS);
    look(tuning);
    return tuning.data();
  }

  /** Starts as many as may run, and looks again in a minute. */
  private void look(Resource tuning) {
    List<Resource> trials = trials(tuning);
    JsonNode limits = tuning.data().path("HyperParameterTuningJobConfig").path("ResourceLimits");
    int most = limits.path("MaxNumberOfTrainingJobs").asInt(1);
    long running = trials.stream().filter(JobStatus.IN_PROGRESS::is).count();
    int wanted =
        (int)
            Math.min(
                most - trials.size(), limits.path("MaxParallelTrainingJobs").asInt(1) - running);
    for (int i = 0; i < wanted; i++) {
      start(tuning, trials.size() + i + 1);
    }
    count(tuning, trials(tuning));
    if (trials.size() == most && running == 0) {
      finish(tuning, trials);
    } else {
      context.after(tuning, LOOK, () -> look(tuning));
    }
  }

  private void start(Resource tuning, int number) {
    JsonNode definition = tuning.data().path("TrainingJobDefinition");
    ObjectNode request = definition.deepCopy();
    request.set("HyperParameters", definition.path("StaticHyperParameters").deepCopy());
    String name = "%s-%03d".formatted(tuning.name(), number);
    Resource trial = training.start(request.put("TrainingJobName", name));
    trial.data().put("TuningJobArn", tuning.arn());
  }

  private void finish(Resource tuning, List<Resource> trials) {
    best(tuning, trials).ifPresent(best -> tuning.data().set("BestTrainingJob", best));
    if (trials.stream().noneMatch(JobStatus.COMPLETED::is)) {
      jobs.fail(tuning, "No training job succeeded.");
    } else {
      jobs.end(tuning, JobStatus.COMPLETED);
    }
  }

  private static Optional<ObjectNode> best(Resource tuning, List<Resource> trials) {
    JsonNode objective =
        tuning
            .data()
            .path("HyperParameterTuningJobConfig")
            .path("HyperParameterTuningJobObjective");
    Comparator<ObjectNode> order =
        Comparator.comparingDouble(trial ->
            trial.path("FinalHyperParameterTuningJobObjectiveMetric").path("Value").asDouble());
    boolean least = objective.path("Type").asText().equals("Minimize");
    return trials.stream()
        .filter(JobStatus.COMPLETED::is)
        .map(trial -> summary(trial, objective.path("MetricName").asText()))
        .filter(trial -> trial.has("FinalHyperParameterTuningJobObjectiveMetric"))
        .max(least ? order.reversed() : order);
  }

  private static ObjectNode summary(Resource trial, String metric) {
    ObjectNode summary = trial.data().deepCopy();
    summary.set("TunedHyperParameters", Json.object());
    trial
        .data()
        .path("FinalMetricDataList")
        .valueStream()
        .filter(each -> each.path("MetricName").asText().equals(metric))
        .forEach(each ->
            summary
                .putObject("FinalHyperParameterTuningJobObjectiveMetric")
                .put("MetricName", metric)
                .put("Value", each.path("Value").asDouble()));
    return summary;
  }

  public JsonNode stop(ObjectNode request) {
    Resource tuning = jobs.stoppable(KIND, request);
    trials(tuning).stream().filter(JobStatus.IN_PROGRESS::is).forEach(training::stop);
    jobs.stop(tuning, () -> count(tuning, trials(tuning)));
    return Json.object();
  }

  /** ListTrainingJobsForHyperParameterTuningJob. */
  public JsonNode list(ObjectNode request) {
    Resource tuning = context.registry().require(KIND, request.path(KIND.nameMember()).asText());
    String metric =
        tuning
            .data()
            .at("/HyperParameterTuningJobConfig/HyperParameterTuningJobObjective/MetricName")
            .asText();
    List<ObjectNode> summaries =
        trials(tuning).stream()
            .filter(
                trial -> request.path("StatusEquals").asText(trial.status()).equals(trial.status()))
            .map(trial -> summary(trial, metric))
            .toList();
    return Listing.page(summaries, "TrainingJobSummaries", request, "MaxResults");
  }

  private List<Resource> trials(Resource tuning) {
    return context.registry().all(Kind.TRAINING_JOB).stream()
        .filter(job -> job.data().path("TuningJobArn").asText().equals(tuning.arn()))
        .toList();
  }

  private static void count(Resource tuning, List<Resource> trials) {
    ObjectNode counters = tuning.data().putObject("TrainingJobStatusCounters");
    counters.put("Completed", trials.stream().filter(JobStatus.COMPLETED::is).count());
    counters.put("InProgress", trials.stream().filter(JobStatus.IN_PROGRESS::is).count());
    counters.put("NonRetryableError", trials.stream().filter(JobStatus.FAILED::is).count());
    counters.put("Stopped", trials.stream().filter(JobStatus.STOPPED::is).count());
    tuning
        .data()
        .putObject("ObjectiveStatusCounters")
        .put("Succeeded", counters.path("Completed").asInt())
        .put("Pending", counters.path("InProgress").asInt())
        .put("Failed", counters.path("NonRetryableError").asInt());
  }
}
