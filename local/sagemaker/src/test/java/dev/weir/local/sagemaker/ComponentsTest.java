package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.DescribeInferenceComponentResponse;

final class ComponentsTest {
  private final Lab lab = new Lab();

  @BeforeEach
  void component() {
    lab.endpoint("chat");
    lab.sagemaker.createInferenceComponent(r ->
        r.inferenceComponentName("part")
            .endpointName("chat")
            .variantName("main")
            .specification(s -> s.modelName("chat-1-model"))
            .runtimeConfig(c -> c.copyCount(2)));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private DescribeInferenceComponentResponse describe() {
    return lab.sagemaker.describeInferenceComponent(r -> r.inferenceComponentName("part"));
  }

  private void copies(int count) {
    lab.sagemaker.updateInferenceComponentRuntimeConfig(
        r -> r.inferenceComponentName("part").desiredRuntimeConfig(c -> c.copyCount(count)));
  }

  @Test
  void it_is_placed_in_copies() {
    assertThat(describe().inferenceComponentStatusAsString()).isEqualTo("Creating");
    assertThatThrownBy(() -> copies(3)).hasMessageContaining("Creating");
    lab.passMinutes(5);
    assertThat(describe().inferenceComponentStatusAsString()).isEqualTo("InService");
    assertThat(describe().runtimeConfig().currentCopyCount()).isEqualTo(2);
  }

  @Test
  void a_failed_one_is_healed_by_an_update() {
    lab.passMinutes(5);
    lab.world.add(
        new Fault(Course.NO_CAPACITY, "UpdateInferenceComponentRuntimeConfig", "part").times(1));
    copies(5);
    lab.passMinutes(5);
    assertThat(describe().inferenceComponentStatusAsString()).isEqualTo("Failed");
    assertThat(describe().failureReason()).contains("capacity");
    lab.sagemaker.updateInferenceComponent(
        r -> r.inferenceComponentName("part").runtimeConfig(c -> c.copyCount(1)));
    lab.passMinutes(5);
    assertThat(describe().runtimeConfig().currentCopyCount()).isEqualTo(1);
  }

  @Test
  void its_endpoint_can_not_be_deleted_before_it() {
    lab.passMinutes(5);
    assertThatThrownBy(() -> lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat")))
        .hasMessageContaining("inference components");
    lab.sagemaker.deleteInferenceComponent(r -> r.inferenceComponentName("part"));
    lab.passMinutes(5);
    lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat"));
    assertThat(lab.status("chat")).isEqualTo("Deleting");
  }

  @Test
  void copies_are_scaled_into_their_bounds() {
    lab.passMinutes(5);
    lab.scaling.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId("inference-component/part")
            .scalableDimension("sagemaker:inference-component:DesiredCopyCount")
            .minCapacity(4)
            .maxCapacity(6));
    lab.passMinutes(5);
    assertThat(describe().runtimeConfig().currentCopyCount()).isEqualTo(4);
  }

  @Test
  void copies_follow_the_load() {
    lab.passMinutes(5);
    lab.scaling.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId("inference-component/part")
            .scalableDimension("sagemaker:inference-component:DesiredCopyCount")
            .minCapacity(1)
            .maxCapacity(9));
    lab.scaling.putScalingPolicy(r ->
        r.serviceNamespace("sagemaker")
            .resourceId("inference-component/part")
            .scalableDimension("sagemaker:inference-component:DesiredCopyCount")
            .policyName("track")
            .policyType("TargetTrackingScaling")
            .targetTrackingScalingPolicyConfiguration(c ->
                c.targetValue(50.0)
                    .predefinedMetricSpecification(m ->
                        m.predefinedMetricType("SageMakerInferenceComponentInvocationsPerCopy"))));
    lab.world.condition("chat", "ok", Json.object().put("invocationsPerMinute", 300));
    lab.passMinutes(30);
    assertThat(describe().runtimeConfig().currentCopyCount()).isEqualTo(6);
  }
}
