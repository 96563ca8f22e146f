package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.Coverage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An endpoint of two instances with a queue before it. */
final class QueuedEndpoint {
  static final String RESCALE = "UpdateEndpointWeightsAndCapacities";
  private static final String TARGET =
      "'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount'";

  final Rig rig;

  /** What there is of it in an account. */
  QueuedEndpoint(Rig rig) {
    this.rig = rig;
  }

  static QueuedEndpoint created(Rig rig) {
    rig.mode("scale-out", "auto");
    rig.endpoint("chat", 2);
    return new QueuedEndpoint(rig);
  }

  /** Where the reconciler runs as well. */
  static QueuedEndpoint reconciled(Coverage coverage) {
    QueuedEndpoint endpoint = created(new Rig(1, coverage));
    endpoint.rig.reconcileEvery(Duration.ofMinutes(5));
    return endpoint;
  }

  QueuedEndpoint bounds(int min, int max) {
    register("'MinCapacity':%d,'MaxCapacity':%d".formatted(min, max));
    return this;
  }

  void register(String members) {
    rig.call(Service.AUTO_SCALING, "RegisterScalableTarget", "{" + TARGET + "," + members + "}");
  }

  /** Two more as soon as more than 100 wait, then none for five minutes. */
  QueuedEndpoint nativePolicy() {
    String policy =
        rig.call(
                Service.AUTO_SCALING,
                "PutScalingPolicy",
                "{"
                    + TARGET
                    + ",'PolicyName':'queue','PolicyType':'StepScaling','StepScalingPolicyConfiguration':{'AdjustmentType':'ChangeInCapacity','Cooldown':300,'StepAdjustments':[{'MetricIntervalLowerBound':0,'ScalingAdjustment':2}]}}")
            .path("PolicyARN")
            .asText();
    alarm("queue", 1, "'" + policy + "'");
    return this;
  }

  QueuedEndpoint remediationAlarm() {
    alarm("weir-rem-scale-out-queue", 2, "");
    return this;
  }

  private void alarm(String name, int minutes, String actions) {
    rig.call(
        Service.CLOUDWATCH,
        "PutMetricAlarm",
        "{'AlarmName':'%s','Namespace':'AWS/SageMaker','MetricName':'ApproximateBacklogSize','Dimensions':[{'Name':'EndpointName','Value':'chat'}],'Statistic':'Average','Period':60,'EvaluationPeriods':%d,'Threshold':100,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'notBreaching','AlarmActions':[%s]}"
            .formatted(name, minutes, actions));
  }

  /** So many requests wait, and so many come each minute; an instance does ten. */
  QueuedEndpoint queue(int waiting, int perMinute) {
    rig.world.condition(
        "chat",
        "ok",
        Rig.json("{'backlog':%d,'queuedPerMinute':%d}".formatted(waiting, perMinute)));
    return this;
  }

  /** It serves with so many instances. */
  QueuedEndpoint counts(int count) {
    rig.put(
        "chat",
        "{'EndpointStatus':'InService','ProductionVariants':[{'VariantName':'AllTraffic','CurrentWeight':1,'DesiredWeight':1,'CurrentInstanceCount':%d,'DesiredInstanceCount':%d}]}"
            .formatted(count, count));
    return this;
  }

  /** A run that ended has left the minimum at 2 instead of 1. */
  QueuedEndpoint owed() {
    return owed(1, 2);
  }

  QueuedEndpoint owed(int minimum, int raised) {
    rig.put(
        "LOCK",
        "endpoint/chat",
        Map.of(
            "restore",
            Map.of(
                "M",
                Map.of(
                    "resource", Map.of("S", "endpoint/chat/variant/AllTraffic"),
                    "min", Map.of("N", Integer.toString(minimum)),
                    "raised", Map.of("N", Integer.toString(raised)),
                    "due", Map.of("N", "1772440000")))));
    return this;
  }

  /** What a person does who wants it run now. */
  QueuedEndpoint ask() {
    return ask("chat", "Drill");
  }

  QueuedEndpoint ask(String endpoint, String type) {
    rig.remedy(
        "scale-out",
        "endpoint",
        "EndpointName",
        Rig.json(
            "{'detail-type':'%s','time':'%s','detail':{'EndpointName':'%s'}}"
                .formatted(type, rig.time.instant(), endpoint)));
    return this;
  }

  QueuedEndpoint pass(Duration time) {
    rig.time.advance(time);
    return this;
  }

  JsonNode bounds() {
    return rig.call(
            Service.AUTO_SCALING, "DescribeScalableTargets", "{'ServiceNamespace':'sagemaker'}")
        .path("ScalableTargets")
        .path(0);
  }

  int minimum() {
    return bounds().path("MinCapacity").asInt();
  }

  int instances() {
    return rig.call("DescribeEndpoint", "{'EndpointName':'chat'}")
        .at("/ProductionVariants/0/CurrentInstanceCount")
        .asInt();
  }

  JsonNode lock() {
    return rig.items("LOCK").stream().findFirst().orElse(Rig.json("{}"));
  }

  boolean owes() {
    return lock().has("restore");
  }

  /** The minimums that were asked for, in order. */
  List<Integer> minimums() {
    return numbers("RegisterScalableTarget", "MinCapacity");
  }

  /** The capacities that Auto Scaling gave it, in order. */
  List<Integer> capacities() {
    return numbers("SetDesiredCapacity", "DesiredCapacity");
  }

  private List<Integer> numbers(String operation, String member) {
    return rig.world.ledger().stream()
        .filter(entry -> entry.operation().equals(operation) && entry.isDone())
        .map(entry -> entry.request().path(member).asInt())
        .toList();
  }

  /** What the machine itself changed, or tried to. */
  List<Ledger.Entry> calls() {
    return rig.world.ledger().stream()
        .filter(entry -> entry.caller().startsWith("weir-act-scale-out/"))
        .toList();
  }

  /** What the audit trail says that was more than waiting for somebody else. */
  List<String> outcomes() {
    return rig.outcomes().stream().filter(row -> !row.equals("SUPPRESSED(BUSY)")).toList();
  }

  /** The last that the audit trail says. */
  String outcome() {
    return outcomes().getLast();
  }
}
