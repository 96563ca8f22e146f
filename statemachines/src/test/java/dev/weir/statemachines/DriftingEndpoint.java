package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** An endpoint whose data have drifted, a recipe to train its model by, and those functions. */
final class DriftingEndpoint {
  static final String GROUP = "model-package-group";
  private static final String LIMITS =
      "{'attempts':2,'windowSeconds':604800,'cooldownSeconds':86400}";

  private static final String RECIPE =
      """
      {"image":"123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1",
       "source":{"prefix":"training/chat/","format":"csv"},
       "holdout":"s3://drift-data/holdout/chat/","output":"s3://models/chat",
       "checkpoints":"s3://models/checkpoints",
       "instanceType":"ml.m5.xlarge","instanceCount":1,"volumeGb":30,"inputMode":"FastFile",
       "maxRuntimeSeconds":3600,"spot":true,"maxWaitSeconds":7200,
       "trials":[{"depth":"4"},{"depth":"6"},{"depth":"8"}],
       "metric":"auc","direction":"maximize","minGain":0.01,"slices":["young","old"],"tolerance":0.02,
       "hourlyUsd":0.23,"monthlyUsd":20}\
      """;

  final Rig rig;

  /** What the drift function says next, and for ever. */
  String outcome = "DRIFT";

  /** Which baseline is in use. */
  String baseline = "first";

  /** What the training data are now. */
  String data = "as-they-were";

  DriftingEndpoint(Rig rig) {
    this.rig = rig;
    rig.mode("retrain", "auto");
    rig.mode("close-drift", "auto");
    rig.functions.put("drift", this::drift);
    rig.functions.put("baseline", this::baseline);
    rig.call(
        "CreateModel",
        "{'ModelName':'chat-model','ExecutionRoleArn':'arn:aws:iam::123456789012:role/sagemaker','PrimaryContainer':{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:1','ModelDataUrl':'s3://models/chat/model.tar.gz'}}");
    rig.call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'chat-config','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}");
    rig.call("CreateModelPackageGroup", "{'ModelPackageGroupName':'chat'}");
    rig.time.advance(Duration.ofMinutes(1));
    rig.call(
        "CreateEndpoint",
        "{'EndpointName':'chat','EndpointConfigName':'chat-config','Tags':[{'Key':'Owner','Value':'ann'}]}");
    rig.time.advance(Duration.ofMinutes(19));
    recipe("{}");
    scores("{'challenger:auc':0.91,'champion:auc':0.85}");
  }

  /** The usual recipe, but for these members; those that are null are left out. */
  void recipe(String members) {
    ObjectNode recipe = Rig.json(RECIPE);
    recipe.setAll(Rig.json(members));
    recipe.properties().removeIf(entry -> entry.getValue().isNull());
    text(recipe.toString());
  }

  void text(String recipe) {
    rig.put("RECIPE", "endpoint/chat", Map.of("recipe", Map.of("S", recipe)));
  }

  /** What its training jobs measure; slices as the whole. */
  void scores(String metrics) {
    ObjectNode scores = Rig.json(metrics);
    ObjectNode all = scores.deepCopy();
    for (String slice : new String[] {":young", ":old"}) {
      for (Map.Entry<String, JsonNode> each : scores.properties()) {
        if (each.getKey().endsWith(":auc") && !scores.has(each.getKey() + slice)) {
          all.set(each.getKey() + slice, each.getValue());
        }
      }
    }
    rig.world.scores("chat-", all);
  }

  /** Starts the guard as the rule on its alarm does. */
  void drifts() {
    ObjectNode event = Rig.json("{'source':'weir.operator','detail-type':'Retraining Requested'}");
    event.put("time", rig.time.instant().toString());
    event.putObject("detail").put("target", "chat");
    ObjectNode input = Rig.JSON.createObjectNode().put("action", "retrain").put("kind", GROUP);
    input.put("dimension", "EndpointName").set("limits", Rig.json(LIMITS));
    input.set("event", event);
    rig.start("guard", input);
  }

  /** A deployment to it has succeeded. */
  void deployed() {
    ObjectNode detail =
        Rig.json("{'action':'deploy-endpoint','outcome':'SUCCEEDED','name':'chat'}");
    rig.send("weir.remediation", "Remediation Ended", detail);
  }

  /** A package in the group that the endpoint now serves with, trained as these metadata say. */
  void serves(String metadata) {
    ObjectNode request =
        Rig.json(
            "{'ModelPackageGroupName':'chat','ModelApprovalStatus':'Approved','InferenceSpecification':{'Containers':[{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:2','ModelDataUrl':'s3://models/chat/2.tar.gz'}]}}");
    if (!metadata.isEmpty()) {
      request.set("CustomerMetadataProperties", Rig.json(metadata));
    }
    String arn =
        rig.call("CreateModelPackage", request.toString()).path("ModelPackageArn").asText();
    rig.call(
        "CreateModel",
        "{'ModelName':'chat-2','ExecutionRoleArn':'arn:aws:iam::123456789012:role/sagemaker','PrimaryContainer':{'ModelPackageName':'%s'}}"
            .formatted(arn));
    rig.call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'chat-2','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-2','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}");
    rig.time.advance(Duration.ofMinutes(1));
    rig.put("chat", "{'EndpointConfigName':'chat-2'}");
  }

  private JsonNode drift(JsonNode payload) {
    boolean drifts = outcome.equals("DRIFT");
    String endpoint = payload.path("endpoint").asText();
    if (drifts || outcome.equals("OK")) {
      rig.world.metric(
          "Weir",
          "weir.drift.persistent",
          Map.of("environment", "dev", "EndpointName", endpoint),
          rig.time.instant(),
          drifts ? 1 : 0);
    }
    ObjectNode reply =
        Rig.JSON
            .createObjectNode()
            .put("outcome", outcome)
            .put("mayTrain", drifts)
            .put("endpoint", endpoint)
            .put("variant", payload.path("variant").asText())
            .put("baseline", baseline)
            .put("psi", 0.4)
            .put("reason", "as told");
    reply.putObject("windows").put("drifted", 3).put("of", 5);
    return reply;
  }

  private JsonNode baseline(JsonNode payload) {
    String id = payload.path("id").asText();
    Optional<String> wanted =
        Optional.of(payload.path("snapshot").asText()).filter(it -> !it.isEmpty());
    boolean same = wanted.map(data::equals).orElse(true);
    if (!payload.path("look").asBoolean() && same) {
      baseline = id;
    }
    return Rig.JSON
        .createObjectNode()
        .put("baseline", id)
        .put("snapshot", data)
        .put("active", !payload.path("look").asBoolean() && same)
        .put("files", 3)
        .put("rows", 2000);
  }

  /** An alarm on its drift, as the template has it. */
  void alarm() {
    rig.call(
        Service.CLOUDWATCH,
        "PutMetricAlarm",
        "{'AlarmName':'weir-rem-retrain-drift','Namespace':'Weir','MetricName':'weir.drift.persistent','Dimensions':[{'Name':'environment','Value':'dev'},{'Name':'EndpointName','Value':'chat'}],'Statistic':'Maximum','Period':60,'EvaluationPeriods':1,'Threshold':0,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'ignore'}");
  }
}
