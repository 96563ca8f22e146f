package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Json;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.model.Alarm;
import software.amazon.awssdk.services.applicationautoscaling.model.ObjectNotFoundException;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingActivity;
import software.amazon.awssdk.services.applicationautoscaling.model.StepAdjustment;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;

final class ScalingTest {
  private static final String RESOURCE = "endpoint/chat/variant/main";
  private static final String DIMENSION = "sagemaker:variant:DesiredInstanceCount";

  private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:people";

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void register(int min, int max) {
    lab.scaling.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(RESOURCE)
            .scalableDimension(DIMENSION)
            .minCapacity(min)
            .maxCapacity(max));
  }

  private void stepPolicyOnBacklog() {
    alarmOnBacklog(stepPolicy());
  }

  private String stepPolicy() {
    return lab.scaling
        .putScalingPolicy(r ->
            r.serviceNamespace("sagemaker")
                .resourceId(RESOURCE)
                .scalableDimension(DIMENSION)
                .policyName("queue")
                .policyType("StepScaling")
                .stepScalingPolicyConfiguration(c ->
                    c.adjustmentType("ChangeInCapacity")
                        .cooldown(300)
                        .stepAdjustments(
                            StepAdjustment.builder()
                                .metricIntervalLowerBound(0.0)
                                .scalingAdjustment(2)
                                .build())))
        .policyARN();
  }

  private void alarmOnBacklog(String policy) {
    lab.cloudwatch.putMetricAlarm(r ->
        r.alarmName("queue")
            .namespace("AWS/SageMaker")
            .metricName("ApproximateBacklogSize")
            .dimensions(Dimension.builder().name("EndpointName").value("chat").build())
            .statistic("Average")
            .period(60)
            .evaluationPeriods(1)
            .threshold(100.0)
            .comparisonOperator("GreaterThanThreshold")
            .alarmActions(policy, TOPIC));
  }

  @Test
  void registering_moves_capacity_into_the_bounds() {
    lab.endpoint("chat");
    register(4, 8);
    assertThat(lab.desired("chat")).isEqualTo(4);
    lab.passMinutes(10);
    register(1, 3);
    assertThat(lab.desired("chat")).isEqualTo(3);
    assertThat(lab.world.ledger())
        .filteredOn(entry -> entry.caller().equals("application-autoscaling"))
        .hasSize(2);
  }

  @Test
  void bounds_set_while_the_endpoint_updates_act_once_it_is_in_service() {
    lab.endpoint("chat");
    register(3, 8);
    register(5, 8);
    assertThat(lab.desired("chat")).isEqualTo(3);
    lab.passMinutes(6);
    assertThat(lab.desired("chat")).isEqualTo(5);
  }

  @Test
  void a_queue_above_its_threshold_adds_two_instances_and_drains() {
    lab.endpoint("chat");
    register(2, 6);
    stepPolicyOnBacklog();
    lab.world.condition(
        "chat", "ok", Json.object().put("backlog", 150).put("servedPerInstance", 10));
    lab.passMinutes(2);
    assertThat(lab.desired("chat")).isEqualTo(4);
    lab.passMinutes(30);
    assertThat(lab.desired("chat")).isEqualTo(4);
    assertThat(lab.curl("GET", "", "").at("/endpoint/chat/condition/load/backlog").asDouble())
        .isZero();
  }

  @Test
  void an_alarm_that_stays_scales_again_after_the_cooldown_up_to_the_maximum() {
    lab.endpoint("chat");
    register(2, 7);
    stepPolicyOnBacklog();
    lab.world.condition("chat", "ok", Json.object().put("queuedPerMinute", 500));
    lab.passMinutes(60);
    assertThat(lab.current("chat")).isEqualTo(7);
  }

  @Test
  void a_suspended_target_is_not_scaled_out() {
    lab.endpoint("chat");
    register(2, 7);
    lab.scaling.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(RESOURCE)
            .scalableDimension(DIMENSION)
            .suspendedState(s -> s.dynamicScalingOutSuspended(true)));
    stepPolicyOnBacklog();
    lab.world.condition("chat", "ok", Json.object().put("queuedPerMinute", 500));
    lab.passMinutes(30);
    assertThat(lab.desired("chat")).isEqualTo(2);
  }

  @Test
  void target_tracking_follows_the_load_out_and_in() {
    lab.endpoint("chat");
    register(2, 10);
    track();
    lab.world.condition("chat", "ok", Json.object().put("invocationsPerMinute", 600));
    lab.passMinutes(30);
    assertThat(lab.current("chat")).isEqualTo(6);
    lab.world.condition("chat", "ok", Json.object().put("invocationsPerMinute", 250));
    lab.passMinutes(60);
    assertThat(lab.current("chat")).isEqualTo(3);
    assertThat(
            lab.cloudwatch.describeAlarms(r -> r.alarmNamePrefix("TargetTracking-")).metricAlarms())
        .hasSize(2);
  }

  private String track() {
    return lab.scaling
        .putScalingPolicy(r ->
            r.serviceNamespace("sagemaker")
                .resourceId(RESOURCE)
                .scalableDimension(DIMENSION)
                .policyName("track")
                .policyType("TargetTrackingScaling")
                .targetTrackingScalingPolicyConfiguration(c ->
                    c.targetValue(100.0)
                        .predefinedMetricSpecification(
                            m -> m.predefinedMetricType("SageMakerVariantInvocationsPerInstance"))))
        .policyARN();
  }

  private void schedule(String name) {
    lab.scaling.putScheduledAction(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(RESOURCE)
            .scalableDimension(DIMENSION)
            .scheduledActionName(name)
            .schedule("cron(0 7 * * ? *)")
            .scalableTargetAction(a -> a.minCapacity(4)));
  }

  @Test
  void deleting_an_endpoint_takes_its_scaling_with_it() {
    lab.endpoint("chat");
    lab.endpoint("chat-b");
    register(2, 7);
    lab.scaling.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId("endpoint/chat-b/variant/main")
            .scalableDimension(DIMENSION)
            .minCapacity(2)
            .maxCapacity(3));
    stepPolicyOnBacklog();
    String tracking = track();
    schedule("mornings");
    assertThat(alarmsOf("queue")).containsExactly("queue");

    lab.sagemaker.deleteEndpoint(r -> r.endpointName("chat"));

    assertThat(
            lab.scaling
                .describeScalableTargets(r -> r.serviceNamespace("sagemaker"))
                .scalableTargets())
        .extracting(ScalableTarget::resourceId)
        .containsExactly("endpoint/chat-b/variant/main");
    assertThat(
            lab.scaling
                .describeScalingPolicies(r -> r.serviceNamespace("sagemaker"))
                .scalingPolicies())
        .isEmpty();
    assertThat(
            lab.scaling
                .describeScheduledActions(r -> r.serviceNamespace("sagemaker"))
                .scheduledActions())
        .isEmpty();
    var alarms = lab.cloudwatch.describeAlarms(r -> {}).metricAlarms();
    assertThat(alarms).hasSize(1);
    assertThat(alarms.getFirst().alarmActions()).containsExactly(TOPIC);

    lab.passMinutes(10);
    lab.sagemaker.createEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-1"));
    lab.passMinutes(10);
    assertThatThrownBy(this::track).isInstanceOf(ObjectNotFoundException.class);
    register(2, 7);
    assertThat(track()).isNotEqualTo(tracking);
  }

  private List<String> alarmsOf(String policy) {
    return lab
        .scaling
        .describeScalingPolicies(r -> r.serviceNamespace("sagemaker").policyNames(policy))
        .scalingPolicies()
        .getFirst()
        .alarms()
        .stream()
        .map(Alarm::alarmName)
        .toList();
  }

  @Test
  void a_scheduled_action_put_again_loses_the_start_and_end_it_is_not_given() {
    lab.endpoint("chat");
    register(2, 7);
    lab.scaling.putScheduledAction(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(RESOURCE)
            .scalableDimension(DIMENSION)
            .scheduledActionName("mornings")
            .schedule("rate(1 day)")
            .endTime(Lab.START.plusSeconds(1_000_000))
            .scalableTargetAction(a -> a.minCapacity(3)));
    schedule("mornings");
    var action =
        lab.scaling
            .describeScheduledActions(
                r -> r.serviceNamespace("sagemaker").scheduledActionNames("mornings"))
            .scheduledActions()
            .getFirst();
    assertThat(action.schedule()).startsWith("cron");
    assertThat(action.endTime()).isNull();
    deregister();
    assertThatThrownBy(() -> schedule("mornings")).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  void scaling_without_capacity_is_tried_again() {
    lab.endpoint("chat");
    lab.world.add(new Fault(Course.NO_CAPACITY, Fault.ANY, "chat").times(1));
    register(4, 8);
    lab.passMinutes(9);
    assertThat(lab.current("chat")).isEqualTo(2);
    lab.passMinutes(10);
    assertThat(lab.current("chat")).isEqualTo(4);
  }

  @Test
  void an_activity_ends_when_its_endpoint_is_in_service_again() {
    lab.endpoint("chat");
    register(4, 8);
    assertThat(activity().statusCodeAsString()).isEqualTo("InProgress");
    assertThat(activity().endTime()).isNull();
    lab.passMinutes(10);
    assertThat(activity().statusCodeAsString()).isEqualTo("Successful");
    assertThat(activity().endTime())
        .isEqualTo(lab.sagemaker.describeEndpoint(r -> r.endpointName("chat")).lastModifiedTime());
    lab.world.add(new Fault(Course.NO_CAPACITY, Fault.ANY, "chat").times(1));
    register(5, 8);
    register(4, 8);
    lab.passMinutes(10);
    assertThat(activity().statusCodeAsString()).isEqualTo("Failed");
  }

  private ScalingActivity activity() {
    return lab.scaling
        .describeScalingActivities(r -> r.serviceNamespace("sagemaker").resourceId(RESOURCE))
        .scalingActivities()
        .getFirst();
  }

  @Test
  void a_used_up_quota_is_told_by_the_activities() {
    lab.endpoint("chat");
    lab.world.add(
        new Fault(CallFault.LIMIT_EXCEEDED, "UpdateEndpointWeightsAndCapacities", "chat").times(1));
    register(4, 8);
    assertThat(lab.desired("chat")).isEqualTo(2);
    assertThat(
            lab.scaling
                .describeScalingActivities(
                    r -> r.serviceNamespace("sagemaker").resourceId(RESOURCE))
                .scalingActivities()
                .getFirst()
                .statusMessage())
        .contains("service limit");
    lab.passMinutes(9);
    assertThat(lab.desired("chat")).isEqualTo(4);
  }

  @Test
  void deregistering_forgets_the_policies_and_twice_is_an_error() {
    lab.endpoint("chat");
    register(2, 7);
    stepPolicyOnBacklog();
    deregister();
    assertThat(
            lab.scaling
                .describeScalingPolicies(r -> r.serviceNamespace("sagemaker"))
                .scalingPolicies())
        .isEmpty();
    assertThatThrownBy(this::deregister).isInstanceOf(ObjectNotFoundException.class);
  }

  private void deregister() {
    lab.scaling.deregisterScalableTarget(
        r -> r.serviceNamespace("sagemaker").resourceId(RESOURCE).scalableDimension(DIMENSION));
  }

  @Test
  void the_instance_type_of_a_scaled_variant_can_not_be_changed() {
    lab.endpoint("chat");
    register(2, 7);
    lab.config("chat-2", "ml.g5.xlarge", 2);
    assertThatThrownBy(() ->
            lab.sagemaker.updateEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-2")))
        .hasMessageContaining("scalable target");
  }
}
