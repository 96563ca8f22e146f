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
import software.amazon.awssdk.services.sagemaker.model.CreateOptimizationJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeOptimizationJobResponse;

final class OptimizationTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void optimize(Consumer<CreateOptimizationJobRequest.Builder> more) {
    lab.sagemaker.createOptimizationJob(request ->
        more.accept(
            request
                .optimizationJobName("small")
                .roleArn(JobsTest.ROLE)
                .modelSource(m -> m.s3(s -> s.s3Uri("s3://bucket/model/")))
                .deploymentInstanceType("ml.g5.xlarge")
                .optimizationConfigs(c -> c.modelQuantizationConfig(q -> q.image("lmi:1")))
                .outputConfig(o -> o.s3OutputLocation("s3://bucket/small"))
                .stoppingCondition(s -> s.maxRuntimeInSeconds(7200))));
  }

  private DescribeOptimizationJobResponse describe() {
    return lab.sagemaker.describeOptimizationJob(r -> r.optimizationJobName("small"));
  }

  private String status() {
    return describe().optimizationJobStatusAsString();
  }

  @Test
  void it_starts_runs_and_recommends_an_image() {
    optimize(_ -> {});
    assertThat(status()).isEqualTo("STARTING");
    lab.passMinutes(5);
    assertThat(status()).isEqualTo("INPROGRESS");
    assertThat(describe().optimizationOutput()).isNull();
    lab.passMinutes(60);
    assertThat(status()).isEqualTo("COMPLETED");
    assertThat(describe().optimizationOutput().recommendedInferenceImage()).isEqualTo("lmi:1");
    assertThat(describe().outputConfig().s3OutputLocation()).isEqualTo("s3://bucket/small");
    assertThat(describe().optimizationEndTime()).isAfter(describe().optimizationStartTime());
  }

  @Test
  void without_an_image_of_its_own_it_recommends_one_all_the_same() {
    optimize(r -> r.optimizationConfigs(c -> c.modelShardingConfig(_ -> {})));
    lab.passMinutes(60);
    assertThat(describe().optimizationOutput().recommendedInferenceImage()).contains("lmi");
  }

  @ParameterizedTest
  @CsvSource({"NO_CAPACITY, CapacityError", "FAILED, AlgorithmError"})
  void one_that_fails_says_why(Course course, String reason) {
    lab.curl(
        "POST",
        "/faults",
        "{\"kind\":\"%s\",\"operation\":\"CreateOptimizationJob\",\"times\":1}".formatted(course));
    optimize(_ -> {});
    lab.passMinutes(60);
    assertThat(status()).isEqualTo("FAILED");
    assertThat(describe().failureReason()).contains(reason);
  }

  @Test
  void it_runs_no_longer_than_it_may() {
    optimize(r -> r.stoppingCondition(s -> s.maxRuntimeInSeconds(60)));
    lab.passMinutes(10);
    assertThat(status()).isEqualTo("STOPPED");
  }

  @Test
  void one_that_is_stuck_waits_to_start_and_can_be_stopped() {
    lab.world.add(new Fault(Course.STUCK, "CreateOptimizationJob", "small"));
    optimize(_ -> {});
    lab.pass(Duration.ofDays(1));
    assertThat(status()).isEqualTo("STARTING");
    lab.sagemaker.stopOptimizationJob(r -> r.optimizationJobName("small"));
    assertThat(status()).isEqualTo("STOPPING");
    lab.passMinutes(10);
    assertThat(status()).isEqualTo("STOPPED");
  }

  @Test
  void what_came_of_it_can_be_said() {
    optimize(_ -> {});
    lab.curl(
        "POST",
        "/resources/optimization-job/small",
        "{\"OptimizationJobStatus\":\"COMPLETED\",\"OptimizationOutput\":{}}");
    assertThat(status()).isEqualTo("COMPLETED");
    assertThat(describe().optimizationOutput().recommendedInferenceImage()).isNull();
  }

  @Test
  void it_needs_a_technique_and_a_model_that_is_there() {
    assertThatThrownBy(() -> optimize(r -> r.optimizationConfigs(List.of())))
        .hasMessageContaining("OptimizationConfigs");
    assertThatThrownBy(
            () -> optimize(r -> r.modelSource(m -> m.sageMakerModel(s -> s.modelName("nobody")))))
        .hasMessageContaining("Could not find model");
  }
}
