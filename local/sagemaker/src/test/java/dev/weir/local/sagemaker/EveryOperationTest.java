package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Service;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.Tag;

/** Each operation the world knows, called once by the unmodified SDK. */
final class EveryOperationTest {
  private static final String ALARM = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a";
  private static final String VARIANT = "endpoint/chat/variant/main";
  private static final String DIMENSION = "sagemaker:variant:DesiredInstanceCount";

  @Test
  void every_operation_is_answered() {
    try (Lab lab = new Lab()) {
      serving(lab);
      scaling(lab);
      watching(lab);
      studio(lab);
      jobs(lab);
      packages(lab);
      ending(lab);
      var known = new TreeSet<String>();
      Arrays.stream(Service.values())
          .forEach(service -> known.addAll(service.model().operations()));
      assertThat(lab.called).isEqualTo(known).hasSize(88);
    }
  }

  private static void serving(Lab lab) {
    lab.endpoint("chat");
    var s = lab.sagemaker;
    assertThat(s.describeModel(r -> r.modelName("chat-1-model")).primaryContainer().image())
        .isEqualTo("image:1");
    assertThat(s.listModels(r -> {}).models()).hasSize(1);
    assertThat(s.describeEndpointConfig(r -> r.endpointConfigName("chat-1")).creationTime())
        .isEqualTo(Lab.START);
    assertThat(s.listEndpointConfigs(r -> {}).endpointConfigs()).hasSize(1);
    assertThat(s.listEndpoints(r -> r.statusEquals("InService")).endpoints()).hasSize(1);
    String arn = s.describeEndpoint(r -> r.endpointName("chat")).endpointArn();
    s.addTags(r -> r.resourceArn(arn).tags(tag("Owner", "ann"), tag("Env", "dev")));
    s.deleteTags(r -> r.resourceArn(arn).tagKeys("Env"));
    assertThat(s.listTags(r -> r.resourceArn(arn)).tags()).containsExactly(tag("Owner", "ann"));
    s.updateEndpointWeightsAndCapacities(r ->
        r.endpointName("chat")
            .desiredWeightsAndCapacities(
                DesiredWeightAndCapacity.builder()
                    .variantName("main")
                    .desiredWeight(0.5f)
                    .build()));
    lab.passMinutes(10);
    lab.config("chat-2");
    s.updateEndpoint(r -> r.endpointName("chat").endpointConfigName("chat-2"));
    lab.passMinutes(20);
    s.createInferenceComponent(r ->
        r.inferenceComponentName("part")
            .endpointName("chat")
            .variantName("main")
            .specification(c -> c.modelName("chat-1-model"))
            .runtimeConfig(c -> c.copyCount(1)));
    lab.passMinutes(5);
    s.updateInferenceComponent(
        r -> r.inferenceComponentName("part").runtimeConfig(c -> c.copyCount(2)));
    lab.passMinutes(5);
    s.updateInferenceComponentRuntimeConfig(
        r -> r.inferenceComponentName("part").desiredRuntimeConfig(c -> c.copyCount(3)));
    lab.passMinutes(5);
    assertThat(
            s.describeInferenceComponent(r -> r.inferenceComponentName("part"))
                .runtimeConfig()
                .currentCopyCount())
        .isEqualTo(3);
    assertThat(s.listInferenceComponents(r -> r.endpointNameEquals("chat")).inferenceComponents())
        .hasSize(1);
  }

  private static void scaling(Lab lab) {
    var a = lab.scaling;
    a.registerScalableTarget(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(VARIANT)
            .scalableDimension(DIMENSION)
            .minCapacity(3)
            .maxCapacity(4));
    a.putScalingPolicy(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(VARIANT)
            .scalableDimension(DIMENSION)
            .policyName("p")
            .policyType("TargetTrackingScaling")
            .targetTrackingScalingPolicyConfiguration(c ->
                c.targetValue(70.0)
                    .customizedMetricSpecification(
                        m -> m.namespace("Weir").metricName("tokens").statistic("Average"))));
    assertThat(
            a.describeScalableTargets(r -> r.serviceNamespace("sagemaker"))
                .scalableTargets()
                .getFirst()
                .minCapacity())
        .isEqualTo(3);
    assertThat(
            a.describeScalingPolicies(r -> r.serviceNamespace("sagemaker"))
                .scalingPolicies()
                .getFirst()
                .alarms())
        .hasSize(2);
    assertThat(
            a.describeScalingActivities(r -> r.serviceNamespace("sagemaker")).scalingActivities())
        .hasSize(1);
    a.putScheduledAction(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(VARIANT)
            .scalableDimension(DIMENSION)
            .scheduledActionName("mornings")
            .schedule("cron(0 7 ? * MON-FRI *)")
            .timezone("Europe/Berlin")
            .startTime(Lab.START)
            .scalableTargetAction(c -> c.minCapacity(3)));
    assertThat(
            a.describeScheduledActions(r -> r.serviceNamespace("sagemaker"))
                .scheduledActions()
                .getFirst()
                .startTime())
        .isEqualTo(Lab.START);
    a.deleteScheduledAction(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(VARIANT)
            .scalableDimension(DIMENSION)
            .scheduledActionName("mornings"));
    a.deleteScalingPolicy(r ->
        r.serviceNamespace("sagemaker")
            .resourceId(VARIANT)
            .scalableDimension(DIMENSION)
            .policyName("p"));
    a.deregisterScalableTarget(
        r -> r.serviceNamespace("sagemaker").resourceId(VARIANT).scalableDimension(DIMENSION));
    lab.passMinutes(10);
  }

  private static void watching(Lab lab) {
    var c = lab.cloudwatch;
    Dimension model = Dimension.builder().name("model").value("<&>").build();
    var now = lab.time.instant();
    c.putMetricData(
        r -> r.namespace("Weir").metricData(m -> m.metricName("x").dimensions(model).value(5.0)));
    assertThat(c.listMetrics(r -> r.namespace("Weir")).metrics().getFirst().dimensions())
        .containsExactly(model);
    assertThat(
            c.getMetricStatistics(r ->
                    r.namespace("Weir")
                        .metricName("x")
                        .dimensions(model)
                        .startTime(now.minusSeconds(60))
                        .endTime(now.plusSeconds(60))
                        .period(60)
                        .extendedStatistics("p50"))
                .datapoints()
                .getFirst()
                .extendedStatistics())
        .containsEntry("p50", 5.0);
    assertThat(
            c.getMetricData(r ->
                    r.startTime(now.minusSeconds(60))
                        .endTime(now.plusSeconds(60))
                        .metricDataQueries(
                            q ->
                                q.id("m1")
                                    .returnData(false)
                                    .metricStat(
                                        MetricStat.builder()
                                            .metric(m ->
                                                m.namespace("Weir")
                                                    .metricName("x")
                                                    .dimensions(model))
                                            .period(60)
                                            .stat("Sum")
                                            .build()),
                            q -> q.id("e1").expression("m1 * 2")))
                .metricDataResults()
                .getFirst()
                .values())
        .containsExactly(10.0);
    c.putMetricAlarm(r ->
        r.alarmName("a")
            .namespace("Weir")
            .metricName("x")
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(1)
            .threshold(1.0)
            .comparisonOperator("GreaterThanThreshold"));
    c.putCompositeAlarm(r -> r.alarmName("both").alarmRule("OK(a) OR ALARM(a)"));
    c.setAlarmState(r -> r.alarmName("a").stateValue("OK").stateReason("drill"));
    assertThat(c.describeAlarms(r -> r.alarmTypesWithStrings("CompositeAlarm")).compositeAlarms())
        .singleElement()
        .matches(alarm -> alarm.stateValueAsString().equals("ALARM"));
    c.deleteAlarms(r -> r.alarmNames("both"));
    c.disableAlarmActions(r -> r.alarmNames("a"));
    assertThat(c.describeAlarms(r -> {}).metricAlarms().getFirst().actionsEnabled()).isFalse();
    c.enableAlarmActions(r -> r.alarmNames("a"));
    c.tagResource(r -> r.resourceARN(ALARM).tags(t -> t.key("k").value("v")));
    assertThat(c.listTagsForResource(r -> r.resourceARN(ALARM)).tags()).hasSize(1);
    c.untagResource(r -> r.resourceARN(ALARM).tagKeys("k"));
    c.deleteAlarms(r -> r.alarmNames("a"));
    assertThat(c.describeAlarms(r -> r.alarmNames("a")).metricAlarms()).isEmpty();
  }

  private static void studio(Lab lab) {
    var s = lab.sagemaker;
    s.createNotebookInstance(
        r -> r.notebookInstanceName("n").instanceType("ml.t3.medium").roleArn(JobsTest.ROLE));
    lab.world.put(Kind.DOMAIN, "d-1", Json.object().put("Status", "InService"));
    assertThat(s.describeDomain(r -> r.domainId("d-1")).statusAsString()).isEqualTo("InService");
    s.createApp(r -> r.domainId("d-1").spaceName("s").appType("JupyterLab").appName("a"));
    lab.passMinutes(10);
    s.stopNotebookInstance(r -> r.notebookInstanceName("n"));
    lab.passMinutes(5);
    s.startNotebookInstance(r -> r.notebookInstanceName("n"));
    lab.passMinutes(10);
    s.stopNotebookInstance(r -> r.notebookInstanceName("n"));
    lab.passMinutes(5);
    s.deleteNotebookInstance(r -> r.notebookInstanceName("n"));
    assertThat(s.listNotebookInstances(r -> {}).notebookInstances()).hasSize(1);
    assertThat(
            s.describeNotebookInstance(r -> r.notebookInstanceName("n"))
                .notebookInstanceStatusAsString())
        .isEqualTo("Deleting");
    assertThat(s.listApps(r -> r.spaceNameEquals("s")).apps()).hasSize(1);
    assertThat(
            s.describeApp(r -> r.domainId("d-1").spaceName("s").appType("JupyterLab").appName("a"))
                .statusAsString())
        .isEqualTo("InService");
    s.deleteApp(r -> r.domainId("d-1").spaceName("s").appType("JupyterLab").appName("a"));
  }

  private static void jobs(Lab lab) {
    var s = lab.sagemaker;
    s.createProcessingJob(r ->
        r.processingJobName("j")
            .roleArn(JobsTest.ROLE)
            .appSpecification(a -> a.imageUri("image:1"))
            .processingResources(p ->
                p.clusterConfig(
                    c -> c.instanceCount(1).instanceType("ml.m5.large").volumeSizeInGB(5))));
    s.createTransformJob(r ->
        r.transformJobName("j")
            .modelName("chat-1-model")
            .transformInput(i ->
                i.dataSource(d -> d.s3DataSource(x -> x.s3DataType("S3Prefix").s3Uri("s3://b/in"))))
            .transformOutput(o -> o.s3OutputPath("s3://b/out"))
            .transformResources(t -> t.instanceCount(1).instanceType("ml.m5.large")));
    s.createOptimizationJob(r ->
        r.optimizationJobName("j")
            .roleArn(JobsTest.ROLE)
            .modelSource(m -> m.s3(x -> x.s3Uri("s3://b/model")))
            .deploymentInstanceType("ml.g5.xlarge")
            .optimizationConfigs(c -> c.modelQuantizationConfig(q -> q.image("image:1")))
            .outputConfig(o -> o.s3OutputLocation("s3://b/out"))
            .stoppingCondition(c -> c.maxRuntimeInSeconds(3600)));
    assertThatThrownBy(() -> s.describeTrainingJob(r -> r.trainingJobName("j")));
    assertThatThrownBy(() -> s.createTrainingJob(r -> r.trainingJobName("j")))
        .hasMessageContaining("Member must not be null");
    assertThatThrownBy(
            () -> s.createHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("j")))
        .hasMessageContaining("Member must not be null");
    assertThatThrownBy(() -> s.stopTrainingJob(r -> r.trainingJobName("j")));
    assertThatThrownBy(
        () -> s.stopHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("j")));
    assertThatThrownBy(
        () -> s.describeHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("j")));
    assertThatThrownBy(() ->
        s.listTrainingJobsForHyperParameterTuningJob(r -> r.hyperParameterTuningJobName("j")));
    assertThat(s.listTrainingJobs(r -> {}).trainingJobSummaries()).isEmpty();
    assertThat(s.listHyperParameterTuningJobs(r -> {}).hyperParameterTuningJobSummaries())
        .isEmpty();
    lab.passMinutes(10);
    s.stopTransformJob(r -> r.transformJobName("j"));
    s.stopOptimizationJob(r -> r.optimizationJobName("j"));
    lab.passMinutes(60);
    assertThat(s.describeProcessingJob(r -> r.processingJobName("j")).processingJobStatusAsString())
        .isEqualTo("Completed");
    assertThat(s.describeTransformJob(r -> r.transformJobName("j")).transformJobStatusAsString())
        .isEqualTo("Stopped");
    assertThat(
            s.describeOptimizationJob(r -> r.optimizationJobName("j"))
                .optimizationJobStatusAsString())
        .isEqualTo("STOPPED");
    assertThat(s.listProcessingJobs(r -> {}).processingJobSummaries()).hasSize(1);
    assertThat(s.listTransformJobs(r -> {}).transformJobSummaries()).hasSize(1);
    assertThat(s.listOptimizationJobs(r -> {}).optimizationJobSummaries()).hasSize(1);
    assertThatThrownBy(() -> s.stopProcessingJob(r -> r.processingJobName("j")));
  }

  private static void packages(Lab lab) {
    var s = lab.sagemaker;
    s.createModelPackageGroup(r -> r.modelPackageGroupName("g"));
    String arn = s.createModelPackage(r -> r.modelPackageGroupName("g")).modelPackageArn();
    s.updateModelPackage(r -> r.modelPackageArn(arn).modelApprovalStatus("Rejected"));
    assertThat(s.describeModelPackage(r -> r.modelPackageName(arn)).modelApprovalStatusAsString())
        .isEqualTo("Rejected");
    assertThat(s.listModelPackages(r -> {}).modelPackageSummaryList()).hasSize(1);
    assertThat(
            s.describeModelPackageGroup(r -> r.modelPackageGroupName("g"))
                .modelPackageGroupStatusAsString())
        .isEqualTo("Completed");
    assertThat(s.listModelPackageGroups(r -> {}).modelPackageGroupSummaryList()).hasSize(1);
    s.deleteModelPackage(r -> r.modelPackageName(arn));
    s.deleteModelPackageGroup(r -> r.modelPackageGroupName("g"));
  }

  private static void ending(Lab lab) {
    var s = lab.sagemaker;
    s.deleteInferenceComponent(r -> r.inferenceComponentName("part"));
    lab.passMinutes(5);
    s.deleteEndpoint(r -> r.endpointName("chat"));
    s.deleteEndpointConfig(r -> r.endpointConfigName("chat-2"));
    s.deleteModel(r -> r.modelName("chat-2-model"));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
