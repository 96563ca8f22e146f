package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStatus;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.ResourceInUseException;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatusTransition;
import software.amazon.awssdk.services.sagemaker.model.TrainingInstanceType;

final class JobsTest {
  private static final String CREATE = "CreateTrainingJob";
  static final String ROLE = "arn:aws:iam::123456789012:role/job";

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void train(Consumer<CreateTrainingJobRequest.Builder> more) {
    lab.sagemaker.createTrainingJob(request -> more.accept(request.applyMutation(JobsTest::job)));
  }

  private static void job(CreateTrainingJobRequest.Builder request) {
    request
        .trainingJobName("fit")
        .roleArn(ROLE)
        .algorithmSpecification(a ->
            a.trainingImage("image:1")
                .trainingInputMode("FastFile")
                .metricDefinitions(
                    MetricDefinition.builder().name("loss").regex("loss=(.*)").build()))
        .outputDataConfig(o -> o.s3OutputPath("s3://bucket/out"))
        .resourceConfig(c ->
            c.instanceCount(1).instanceType(TrainingInstanceType.ML_M5_XLARGE).volumeSizeInGB(10))
        .stoppingCondition(s -> s.maxRuntimeInSeconds(7200));
  }

  private static void spot(CreateTrainingJobRequest.Builder request) {
    request
        .enableManagedSpotTraining(true)
        .checkpointConfig(c -> c.s3Uri("s3://bucket/checkpoints"))
        .stoppingCondition(s -> s.maxRuntimeInSeconds(7200).maxWaitTimeInSeconds(14_400));
  }

  private DescribeTrainingJobResponse describe() {
    return lab.sagemaker.describeTrainingJob(r -> r.trainingJobName("fit"));
  }

  private List<String> phases() {
    return describe().secondaryStatusTransitions().stream()
        .map(SecondaryStatusTransition::statusAsString)
        .toList();
  }

  @Test
  void training_completes_with_a_model_and_metrics() {
    train(_ -> {});
    assertThat(describe().trainingJobStatusAsString()).isEqualTo("InProgress");
    lab.passMinutes(60);
    assertThat(describe().trainingJobStatusAsString()).isEqualTo("Completed");
    assertThat(describe().modelArtifacts().s3ModelArtifacts())
        .isEqualTo("s3://bucket/out/fit/output/model.tar.gz");
    assertThat(describe().finalMetricDataList().getFirst().metricName()).isEqualTo("loss");
    assertThat(describe().billableTimeInSeconds()).isEqualTo(describe().trainingTimeInSeconds());
    assertThat(phases()).containsExactly("Starting", "Training", "Completed");
    assertThat(lab.told("SageMaker Training Job State Change", "/TrainingJobStatus"))
        .containsExactly("InProgress", "Completed");
  }

  @Test
  void what_a_job_measures_can_be_said_of_all_whose_names_begin_so() {
    lab.curl("POST", "/scores/f", "{\"loss\":9}");
    lab.curl("POST", "/scores/fi", "{\"loss\":0.25}");
    train(_ -> {});
    lab.passMinutes(60);
    assertThat(describe().finalMetricDataList().getFirst().value()).isEqualTo(0.25F);
  }

  @Test
  void a_metric_said_to_be_null_is_not_measured() {
    lab.curl("POST", "/scores/fit", "{\"loss\":null}");
    train(_ -> {});
    lab.passMinutes(60);
    assertThat(describe().finalMetricDataList()).isEmpty();
  }

  @Test
  void a_name_is_used_once() {
    train(_ -> {});
    assertThatThrownBy(() -> train(_ -> {})).isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void spot_training_with_checkpoints_goes_on_after_an_interruption() {
    lab.world.add(new Fault(Course.SPOT_INTERRUPTED, CREATE, "fit").times(1));
    train(JobsTest::spot);
    lab.pass(Duration.ofHours(3));
    assertThat(phases())
        .containsExactly("Starting", "Training", "Interrupted", "Training", "Completed");
    assertThat(describe().billableTimeInSeconds()).isLessThan(describe().trainingTimeInSeconds());
  }

  @Test
  void spot_training_waits_no_longer_than_it_may() {
    lab.world.add(new Fault(Course.SPOT_INTERRUPTED, CREATE, "fit"));
    train(request ->
        request
            .applyMutation(JobsTest::spot)
            .stoppingCondition(s -> s.maxRuntimeInSeconds(1800).maxWaitTimeInSeconds(1800)));
    lab.pass(Duration.ofHours(6));
    assertThat(describe().trainingJobStatusAsString()).isEqualTo("Stopped");
    assertThat(describe().secondaryStatusAsString()).isEqualTo("MaxWaitTimeExceeded");
  }

  @Test
  void spot_training_must_be_able_to_wait_as_long_as_it_runs() {
    assertThatThrownBy(() ->
            train(request ->
                request
                    .applyMutation(JobsTest::spot)
                    .stoppingCondition(
                        s -> s.maxRuntimeInSeconds(7200).maxWaitTimeInSeconds(3600))))
        .hasMessageContaining("MaxWaitTimeInSeconds");
    assertThatThrownBy(() ->
            train(request ->
                request.stoppingCondition(
                    s -> s.maxRuntimeInSeconds(3600).maxWaitTimeInSeconds(7200))))
        .hasMessageContaining("MaxWaitTimeInSeconds");
  }

  @Test
  void training_is_cut_at_its_longest_run() {
    train(request -> request.stoppingCondition(s -> s.maxRuntimeInSeconds(60)));
    lab.passMinutes(60);
    assertThat(describe().secondaryStatusAsString()).isEqualTo("MaxRuntimeExceeded");
  }

  @ParameterizedTest
  @CsvSource({"NO_CAPACITY, CapacityError", "FAILED, AlgorithmError"})
  void training_that_fails_says_why(Course course, String reason) {
    lab.world.add(new Fault(course, CREATE, "fit").times(1));
    train(_ -> {});
    lab.passMinutes(60);
    assertThat(describe().trainingJobStatusAsString()).isEqualTo("Failed");
    assertThat(describe().failureReason()).contains(reason);
  }

  @Test
  void training_can_be_stopped_once() {
    train(_ -> {});
    lab.passMinutes(5);
    lab.sagemaker.stopTrainingJob(r -> r.trainingJobName("fit"));
    assertThat(describe().trainingJobStatusAsString()).isEqualTo("Stopping");
    lab.passMinutes(5);
    assertThat(describe().secondaryStatusAsString()).isEqualTo("Stopped");
    assertThatThrownBy(() -> lab.sagemaker.stopTrainingJob(r -> r.trainingJobName("fit")))
        .hasMessageContaining("status Stopped");
  }

  @Test
  void a_missing_job_is_told_as_the_service_tells_it() {
    assertThatThrownBy(this::describe).hasMessageContaining("Requested resource not found");
  }

  private void tune() {
    lab.sagemaker.createHyperParameterTuningJob(r ->
        r.hyperParameterTuningJobName("tune")
            .hyperParameterTuningJobConfig(c ->
                c.strategy("Random")
                    .hyperParameterTuningJobObjective(o -> o.type("Minimize").metricName("loss"))
                    .resourceLimits(l -> l.maxNumberOfTrainingJobs(5).maxParallelTrainingJobs(2)))
            .trainingJobDefinition(d ->
                d.roleArn(ROLE)
                    .algorithmSpecification(a ->
                        a.trainingImage("image:1")
                            .trainingInputMode("File")
                            .metricDefinitions(
                                MetricDefinition.builder().name("loss").regex("x").build()))
                    .outputDataConfig(o -> o.s3OutputPath("s3://bucket/out"))
                    .stoppingCondition(s -> s.maxRuntimeInSeconds(7200))));
  }

  @Test
  void tuning_runs_its_trials_two_at_once_and_the_least_loss_wins() {
    tune();
    lab.passMinutes(10);
    assertThat(
            lab.sagemaker
                .describeHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("tune"))
                .trainingJobStatusCounters()
                .inProgress())
        .isEqualTo(2);
    lab.pass(Duration.ofHours(5));
    var tuning =
        lab.sagemaker.describeHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("tune"));
    assertThat(tuning.hyperParameterTuningJobStatus())
        .isEqualTo(HyperParameterTuningJobStatus.COMPLETED);
    var trials =
        lab.sagemaker
            .listTrainingJobsForHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("tune"))
            .trainingJobSummaries();
    assertThat(trials).hasSize(5);
    assertThat(tuning.bestTrainingJob().finalHyperParameterTuningJobObjectiveMetric().value())
        .isEqualTo(
            trials.stream()
                .map(t -> t.finalHyperParameterTuningJobObjectiveMetric().value())
                .min(Float::compare)
                .orElseThrow());
  }

  @Test
  void stopping_a_tuning_stops_its_trials() {
    tune();
    lab.passMinutes(5);
    lab.sagemaker.stopHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("tune"));
    lab.passMinutes(10);
    assertThat(
            lab.sagemaker.listTrainingJobs(r -> r.statusEquals("Stopped")).trainingJobSummaries())
        .hasSize(2);
  }

  @Test
  void tuning_without_one_success_fails() {
    lab.world.add(new Fault(Course.FAILED, CREATE, Fault.ANY));
    tune();
    lab.pass(Duration.ofHours(5));
    assertThat(
            lab.sagemaker
                .describeHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("tune"))
                .hyperParameterTuningJobStatus())
        .isEqualTo(HyperParameterTuningJobStatus.FAILED);
  }
}
