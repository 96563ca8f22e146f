package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.VariantProperty;
import software.amazon.awssdk.services.sagemaker.model.VariantPropertyType;

final class EndpointsTest {
  private static final String UPDATE = "UpdateEndpoint";

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private DescribeEndpointResponse describe() {
    return lab.sagemaker.describeEndpoint(r -> r.endpointName("chat"));
  }

  private void update(String config) {
    lab.sagemaker.updateEndpoint(
        r -> r.endpointName("chat").endpointConfigName(config).retainAllVariantProperties(true));
  }

  private void rescale(int count) {
    lab.sagemaker.updateEndpointWeightsAndCapacities(r ->
        r.endpointName("chat")
            .desiredWeightsAndCapacities(
                DesiredWeightAndCapacity.builder()
                    .variantName("main")
                    .desiredInstanceCount(count)
                    .build()));
  }

  @Test
  void creating_takes_minutes_and_ends_in_service() {
    lab.config("chat-1");
    lab.sagemaker.createEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-1"));
    assertThat(lab.status("chat")).isEqualTo("Creating");
    assertThat(lab.current("chat")).isZero();
    lab.passMinutes(7);
    assertThat(lab.status("chat")).isEqualTo("InService");
    assertThat(lab.current("chat")).isEqualTo(2);
    assertThat(lab.told("SageMaker Endpoint State Change", "/EndpointStatus"))
        .containsExactly("CREATING", "IN_SERVICE");
  }

  @Test
  void a_missing_endpoint_is_an_error_that_no_model_names() {
    assertThatThrownBy(() -> lab.status("none"))
        .isExactlyInstanceOf(SageMakerException.class)
        .hasMessageContaining("Could not find endpoint")
        .satisfies(e ->
            assertThat(((SageMakerException) e).awsErrorDetails().errorCode())
                .isEqualTo("ValidationException"));
  }

  @Test
  void names_are_unique_without_regard_to_case() {
    lab.endpoint("chat");
    assertThatThrownBy(() ->
            lab.sagemaker.createEndpoint(r -> r.endpointName("CHAT").endpointConfigName("chat-1")))
        .hasMessageContaining("Cannot create already existing endpoint");
  }

  @Test
  void a_configuration_is_not_seen_at_once() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.sagemaker.createEndpointConfig(r ->
        r.endpointConfigName("chat-3")
            .productionVariants(v ->
                v.variantName("main")
                    .modelName("chat-2-model")
                    .instanceType("ml.m5.xlarge")
                    .initialInstanceCount(1)));
    assertThatThrownBy(() -> update("chat-3"))
        .hasMessageContaining("Could not find endpoint configuration");
    lab.pass(Duration.ofSeconds(10));
    update("chat-3");
    assertThat(lab.status("chat")).isEqualTo("Updating");
  }

  @Test
  void an_update_keeps_the_count_only_when_told_to() {
    lab.endpoint("chat");
    rescale(5);
    lab.passMinutes(10);
    lab.config("chat-2");
    lab.config("chat-3");
    update("chat-2");
    assertThat(describe().pendingDeploymentSummary().endpointConfigName()).isEqualTo("chat-2");
    lab.passMinutes(20);
    assertThat(describe().endpointConfigName()).isEqualTo("chat-2");
    assertThat(lab.current("chat")).isEqualTo(5);
    lab.sagemaker.updateEndpoint(r ->
        r.endpointName("chat")
            .endpointConfigName("chat-3")
            .retainAllVariantProperties(true)
            .excludeRetainedVariantProperties(
                VariantProperty.builder()
                    .variantPropertyType(VariantPropertyType.DESIRED_INSTANCE_COUNT)
                    .build()));
    lab.passMinutes(20);
    assertThat(lab.current("chat")).isEqualTo(2);
  }

  @Test
  void a_silent_rollback_ends_in_service_with_the_old_configuration() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.world.add(new Fault(Course.SILENT_ROLLBACK, UPDATE, "chat").times(1));
    update("chat-2");
    lab.passMinutes(20);
    assertThat(describe().endpointStatusAsString()).isEqualTo("InService");
    assertThat(describe().endpointConfigName()).isEqualTo("chat-1");
    assertThat(describe().failureReason()).isNull();
    assertThat(describe().pendingDeploymentSummary()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_CAPACITY, InService, chat-1, InsufficientInstanceCapacity",
    "FAILED, InService, chat-1, ping health check",
    "ROLLBACK_FAILED, UpdateRollbackFailed, chat-1, ping health check",
  })
  void an_update_that_fails_says_why(Course course, String status, String config, String reason) {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.world.add(new Fault(course, UPDATE, "chat").times(1));
    update("chat-2");
    lab.passMinutes(20);
    assertThat(describe().endpointStatusAsString()).isEqualTo(status);
    assertThat(describe().endpointConfigName()).isEqualTo(config);
    assertThat(describe().failureReason()).contains(reason);
  }

  @Test
  void partial_capacity_ends_in_service_with_fewer_instances() {
    lab.endpoint("chat");
    lab.world.add(new Fault(Course.PARTIAL_CAPACITY, Fault.ANY, "chat"));
    rescale(4);
    lab.passMinutes(10);
    assertThat(lab.status("chat")).isEqualTo("InService");
    assertThat(lab.desired("chat")).isEqualTo(4);
    assertThat(lab.current("chat")).isEqualTo(3);
  }

  @Test
  void rescaling_without_capacity_rolls_back_to_the_old_count() {
    lab.endpoint("chat");
    lab.world.add(new Fault(Course.NO_CAPACITY, Fault.ANY, "chat").times(1));
    rescale(4);
    lab.passMinutes(15);
    assertThat(lab.told("SageMaker Endpoint State Change", "/EndpointStatus"))
        .endsWith("UPDATING", "ROLLING_BACK", "IN_SERVICE");
    assertThat(lab.desired("chat")).isEqualTo(2);
  }

  @Test
  void a_stuck_update_never_ends() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.world.add(new Fault(Course.STUCK, UPDATE, "chat").times(1));
    update("chat-2");
    lab.pass(Duration.ofDays(2));
    assertThat(lab.status("chat")).isEqualTo("Updating");
  }

  @Test
  void a_deletion_takes_time_and_the_configuration_stays() {
    lab.endpoint("chat");
    lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat"));
    assertThat(lab.status("chat")).isEqualTo("Deleting");
    lab.passMinutes(3);
    assertThatThrownBy(() -> lab.status("chat")).hasMessageContaining("Could not find");
    assertThat(
            lab.sagemaker
                .describeEndpointConfig(r -> r.endpointConfigName("chat-1"))
                .productionVariants())
        .hasSize(1);
  }

  /** Which calls each status allows (API reference of EndpointStatus). */
  @ParameterizedTest
  @CsvSource({
    "OutOfService,         true,  false, true",
    "Creating,             false, false, false",
    "Updating,             false, false, false",
    "SystemUpdating,       false, false, false",
    "RollingBack,          false, false, false",
    "InService,            true,  true,  true",
    "Deleting,             false, false, false",
    "Failed,               false, false, true",
    "UpdateRollbackFailed, true,  false, true",
  })
  void each_status_allows_its_calls(
      String status, boolean updates, boolean rescales, boolean deletes) {
    lab.endpoint("chat");
    lab.config("chat-2");
    assertAllowed(status, rescales, () -> rescale(3));
    assertAllowed(status, updates, () -> update("chat-2"));
    assertAllowed(status, deletes, () -> lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat")));
    assertThat(lab.sagemaker.listEndpoints(r -> r.nameContains("cha")).endpoints()).hasSize(1);
  }

  private void assertAllowed(String status, boolean allowed, Runnable call) {
    ObjectNode members = Json.object().put("EndpointStatus", status);
    lab.world.put(Kind.ENDPOINT, "chat", members);
    if (allowed) {
      call.run();
    } else {
      assertThatThrownBy(call::run).hasMessageContaining("Cannot update");
    }
  }

  @Test
  void a_rolling_update_waits_between_its_batches() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.sagemaker.updateEndpoint(r ->
        r.endpointName("chat")
            .endpointConfigName("chat-2")
            .deploymentConfig(d ->
                d.rollingUpdatePolicy(p ->
                    p.maximumBatchSize(s -> s.type("CAPACITY_PERCENT").value(25))
                        .waitIntervalInSeconds(3600))));
    lab.pass(Duration.ofHours(4));
    assertThat(lab.status("chat")).isEqualTo("Updating");
    lab.passMinutes(20);
    assertThat(describe().endpointConfigName()).isEqualTo("chat-2");
  }

  @Test
  void an_alarm_of_the_rollout_rolls_it_back() {
    lab.endpoint("chat");
    lab.config("chat-2");
    lab.cloudwatch.putMetricAlarm(r ->
        r.alarmName("errors")
            .namespace("X")
            .metricName("Y")
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(1)
            .threshold(0.0)
            .treatMissingData("ignore")
            .comparisonOperator("GreaterThanThreshold"));
    lab.cloudwatch.setAlarmState(
        r -> r.alarmName("errors").stateValue("ALARM").stateReason("drill"));
    lab.sagemaker.updateEndpoint(r ->
        r.endpointName("chat")
            .endpointConfigName("chat-2")
            .deploymentConfig(
                d -> d.autoRollbackConfiguration(c -> c.alarms(a -> a.alarmName("errors")))));
    lab.passMinutes(20);
    assertThat(describe().endpointConfigName()).isEqualTo("chat-1");
    assertThat(describe().failureReason()).contains("errors");
  }

  @Test
  void a_request_that_breaks_a_constraint_is_told_which() {
    assertThatThrownBy(
            () -> lab.sagemaker.createEndpoint(r -> r.endpointName("-x").endpointConfigName("c")))
        .hasMessageContaining("Value '-x' at 'endpointName' failed to satisfy constraint");
  }
}
