package dev.weir.statemachines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Service;
import java.util.List;
import java.util.Map;

/** An endpoint with all the scaling that Application Auto Scaling has. */
record ScaledEndpoint(Rig rig) {
  static final String ALARM = "weir-rem-scale-out-queue";
  private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:people";
  private static final String TARGET =
      "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount',";

  /** Scales the endpoint that is there. */
  static ScaledEndpoint of(Rig rig) {
    ScaledEndpoint endpoint = new ScaledEndpoint(rig);
    endpoint.scale(
        "RegisterScalableTarget",
        "'MinCapacity':2,'MaxCapacity':6,'SuspendedState':{'ScheduledScalingSuspended':true}}");
    endpoint.scale(
        "PutScalingPolicy",
        "'PolicyName':'requests','PolicyType':'TargetTrackingScaling','TargetTrackingScalingPolicyConfiguration':{'TargetValue':70,'ScaleInCooldown':600,'PredefinedMetricSpecification':{'PredefinedMetricType':'SageMakerVariantInvocationsPerInstance'}}}");
    endpoint.scale(
        "PutScalingPolicy",
        "'PolicyName':'queue','PolicyType':'StepScaling','StepScalingPolicyConfiguration':{'AdjustmentType':'ChangeInCapacity','Cooldown':300,'MetricAggregationType':'Maximum','StepAdjustments':[{'MetricIntervalLowerBound':0,'ScalingAdjustment':2}]}}");
    endpoint.schedule(
        "mornings",
        "cron(0 7 ? * MON-FRI *)",
        "'Timezone':'Europe/Berlin','StartTime':'2026-01-01T00:00:00Z','EndTime':'2030-01-01T00:00:00Z',");
    endpoint.schedule("once", "at(2029-12-24T18:00:00)", "");
    endpoint.alarm("'%s','%s'".formatted(TOPIC, endpoint.arn("queue")));
    return endpoint;
  }

  void schedule(String name, String when, String more) {
    scale(
        "PutScheduledAction",
        "'ScheduledActionName':'%s','Schedule':'%s',%s'ScalableTargetAction':{'MinCapacity':3}}"
            .formatted(name, when, more));
  }

  private void alarm(String actions) {
    rig.call(
        Service.CLOUDWATCH,
        "PutMetricAlarm",
        "{'AlarmName':'%s','AlarmDescription':'Calls wait.','Namespace':'AWS/SageMaker','MetricName':'ApproximateBacklogSize','Dimensions':[{'Name':'EndpointName','Value':'chat'}],'Statistic':'Maximum','Period':60,'EvaluationPeriods':3,'DatapointsToAlarm':2,'Threshold':100.5,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'notBreaching','OKActions':['%s'],'AlarmActions':[%s],'Tags':[{'Key':'team','Value':'ml'}]}"
            .formatted(ALARM, TOPIC, actions));
  }

  /** A call about its target. */
  JsonNode scale(String operation, String members) {
    return rig.call(Service.AUTO_SCALING, operation, TARGET + members);
  }

  private ArrayNode all(String operation, String member) {
    return (ArrayNode)
        rig.call(Service.AUTO_SCALING, operation, "{'ServiceNamespace':'sagemaker'}").path(member);
  }

  /** The ARN that AWS knows a policy by. */
  String arn(String policy) {
    return all("DescribeScalingPolicies", "ScalingPolicies")
        .valueStream()
        .filter(each -> each.path("PolicyName").asText().equals(policy))
        .map(each -> each.path("PolicyARN").asText())
        .findFirst()
        .orElse("none");
  }

  JsonNode alarm() {
    return rig.call(Service.CLOUDWATCH, "DescribeAlarms", "{'AlarmNames':['%s']}".formatted(ALARM))
        .path("MetricAlarms")
        .path(0);
  }

  /** The names of all alarms. */
  List<String> alarms() {
    return rig.call(Service.CLOUDWATCH, "DescribeAlarms", "{}")
        .path("MetricAlarms")
        .findValuesAsText("AlarmName");
  }

  private static String sorted(ObjectNode all) {
    try {
      return Rig.JSON
          .writer(SerializationFeature.INDENT_OUTPUT)
          .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .writeValueAsString(Rig.JSON.convertValue(all, Map.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All of it, but for what AWS makes up anew and starts that have passed. */
  String everything() {
    ObjectNode all = Rig.JSON.createObjectNode();
    all.set("targets", all("DescribeScalableTargets", "ScalableTargets"));
    all.set("policies", all("DescribeScalingPolicies", "ScalingPolicies"));
    all.set("actions", all("DescribeScheduledActions", "ScheduledActions"));
    all.set("alarm", alarm());
    for (String one :
        List.of(
            "CreationTime",
            "ScalableTargetARN",
            "ScheduledActionARN",
            "PolicyARN",
            "AlarmARN",
            "StartTime",
            "AlarmConfigurationUpdatedTimestamp",
            "StateUpdatedTimestamp",
            "StateTransitionedTimestamp",
            "StateValue",
            "StateReason",
            "StateReasonData")) {
      all.findParents(one).forEach(parent -> ((ObjectNode) parent).remove(one));
    }
    return sorted(all)
        .replaceAll("(Alarm(High|Low)-)[\\w-]+", "$1id")
        .replaceAll("scalingPolicy:[\\w-]+", "scalingPolicy:id");
  }
}
