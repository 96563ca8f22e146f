package dev.weir.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.Reply;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The endpoints that the local catalog names, in service in the world, to be broken. */
final class DemoEndpoints {
  private static final Pattern TARGET = Pattern.compile("\"sagemaker/([A-Za-z0-9-]+)");
  private static final int INSTANCES = 2;
  private static final int MOST_INSTANCES = 6;
  private static final String VARIANT = "AllTraffic";

  private final World world;
  private final List<String> names;

  DemoEndpoints(World world, List<String> names) {
    this.world = world;
    this.names = names;
  }

  /** Their names; none without such a file. */
  static List<String> of(Path models) throws IOException {
    return Files.isRegularFile(models)
        ? TARGET
            .matcher(Files.readString(models))
            .results()
            .map(match -> match.group(1))
            .distinct()
            .toList()
        : List.of();
  }

  /** Creates their models and configurations, which SageMaker may not see at once. */
  void define() {
    names.forEach(this::define);
  }

  /** Creates them; they come into service as time passes. */
  void create() {
    for (var name : names) {
      call(
          "CreateEndpoint",
          named("EndpointName", name).put("EndpointConfigName", name + "-config"));
    }
  }

  /** Lets them grow to six instances, and watches their errors, queues and drift. */
  void watch() {
    for (var name : names) {
      call(
          Service.AUTO_SCALING,
          "RegisterScalableTarget",
          named("ServiceNamespace", "sagemaker")
              .put("ResourceId", "endpoint/" + name + "/variant/" + VARIANT)
              .put("ScalableDimension", "sagemaker:variant:DesiredInstanceCount")
              .put("MinCapacity", INSTANCES)
              .put("MaxCapacity", MOST_INSTANCES));
      var errors = alarm("restart-endpoint-errors-", name, "Invocation5XXErrors", "Sum", 5);
      errors.withArray("Dimensions").addObject().put("Name", "VariantName").put("Value", VARIANT);
      call(Service.CLOUDWATCH, "PutMetricAlarm", errors);
      var queue = alarm("scale-out-queue-", name, "ApproximateBacklogSize", "Maximum", 100);
      call(Service.CLOUDWATCH, "PutMetricAlarm", queue);
      var drift = alarm("retrain-drift-", name, "weir.drift.persistent", "Maximum", 0);
      drift.put("Namespace", "Weir").put("EvaluationPeriods", 1).put("TreatMissingData", "ignore");
      drift.withArray("Dimensions").addObject().put("Name", "environment").put("Value", "dev");
      call(Service.CLOUDWATCH, "PutMetricAlarm", drift);
    }
  }

  private static ObjectNode alarm(
      String listener, String endpoint, String metric, String statistic, int above) {
    var alarm =
        named("AlarmName", Template.STACK + "-rem-" + listener + endpoint)
            .put("Namespace", "AWS/SageMaker")
            .put("MetricName", metric)
            .put("Statistic", statistic)
            .put("Period", 60)
            .put("EvaluationPeriods", 2)
            .put("Threshold", above)
            .put("ComparisonOperator", "GreaterThanThreshold")
            .put("TreatMissingData", "notBreaching");
    alarm.putArray("Dimensions").addObject().put("Name", "EndpointName").put("Value", endpoint);
    return alarm;
  }

  private void define(String name) {
    var model = named("ModelName", name + "-model");
    model.put("ExecutionRoleArn", "arn:aws:iam::000000000000:role/sagemaker");
    model
        .putObject("PrimaryContainer")
        .put("Image", "000000000000.dkr.ecr.us-east-1.amazonaws.com/model:1")
        .put("ModelDataUrl", "s3://models/" + name + "/model.tar.gz");
    call("CreateModel", model);
    var config = named("EndpointConfigName", name + "-config");
    config
        .putArray("ProductionVariants")
        .addObject()
        .put("VariantName", VARIANT)
        .put("ModelName", name + "-model")
        .put("InstanceType", "ml.m5.large")
        .put("InitialInstanceCount", INSTANCES);
    call("CreateEndpointConfig", config);
    call("CreateModelPackageGroup", named("ModelPackageGroupName", name));
  }

  private static ObjectNode named(String member, String name) {
    return JsonNodeFactory.instance.objectNode().put(member, name);
  }

  private void call(String operation, ObjectNode request) {
    call(Service.SAGEMAKER, operation, request);
  }

  private void call(Service service, String operation, ObjectNode request) {
    switch (world.call("local", service, operation, request)) {
      case Reply.Done(_) -> {}
      case Reply.Refused(var error) -> throw error;
      case Reply.Lost() -> throw new IllegalStateException(operation + " was lost");
    }
  }
}
