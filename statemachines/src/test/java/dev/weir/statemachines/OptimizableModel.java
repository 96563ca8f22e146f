package dev.weir.statemachines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;

/** An approved model package, a recipe to measure by, and the request to optimise it. */
final class OptimizableModel {
  static final String ACTION = "optimize-model";
  static final String GROUP_ARN =
      "arn:aws:sagemaker:us-east-1:123456789012:model-package-group/chat";
  static final String PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/chat/";

  private static final String RECIPE =
      """
      {"image":"123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1",
       "holdout":"s3://drift-data/holdout/chat/","output":"s3://models/chat/",
       "instanceType":"ml.g5.xlarge","instanceCount":1,"volumeGb":30,"maxRuntimeSeconds":3600,
       "metric":"auc","direction":"maximize","slices":["young"],"tolerance":0.02,
       "hourlyUsd":1,"monthlyUsd":20}\
      """;

  final Rig rig;
  private final ObjectNode request =
      Rig.json(
          "{'target':'chat','optimizationConfigs':[{'ModelQuantizationConfig':{'Image':'lmi:1','OverrideEnvironment':{'OPTION_QUANTIZE':'awq'}}}],'instanceType':'ml.g5.2xlarge','maxRuntimeSeconds':7200,'hourlyUsd':1.5,'maxUsd':10,'gain':{'metric':'latency','direction':'minimize','minGain':5}}");

  OptimizableModel(Rig rig) {
    this.rig = rig;
    rig.mode(ACTION, "auto");
    rig.call(
        "CreateModelPackageGroup",
        "{'ModelPackageGroupName':'chat','Tags':[{'Key':'Owner','Value':'ann'}]}");
    offer(
        "Approved",
        "{'Image':'m:1','ModelDataUrl':'s3://models/chat/1/model.tar.gz','Environment':{'HF_TASK':'chat'}}",
        "{}");
    recipe("{}");
    scores("{}");
  }

  /** Another version in the group; its ARN. */
  String offer(String approval, String container, String metadata) {
    rig.time.advance(Duration.ofMinutes(1));
    ObjectNode offer =
        Rig.json(
            "{'ModelPackageGroupName':'chat','ModelApprovalStatus':'%s','InferenceSpecification':{'Containers':[%s]}}"
                .formatted(approval, container));
    if (!Rig.json(metadata).isEmpty()) {
      offer.set("CustomerMetadataProperties", Rig.json(metadata));
    }
    return rig.call("CreateModelPackage", offer.toString()).path("ModelPackageArn").asText();
  }

  /** A model, by its container. */
  void model(String name, String container) {
    rig.call(
        "CreateModel",
        "{'ModelName':'%s','ExecutionRoleArn':'arn:aws:iam::123456789012:role/sagemaker','PrimaryContainer':%s}"
            .formatted(name, container));
  }

  /** The usual recipe, but for these members; those that are null are left out. */
  void recipe(String members) {
    text(with(Rig.json(RECIPE), members).toString());
  }

  void text(String recipe) {
    rig.put("RECIPE", "endpoint/chat", Map.of("recipe", Map.of("S", recipe)));
  }

  /** The usual request, but for these members. */
  void wants(String members) {
    with(request, members);
  }

  private static ObjectNode with(ObjectNode usual, String members) {
    usual.setAll(Rig.json(members));
    usual.properties().removeIf(entry -> entry.getValue().isNull());
    return usual;
  }

  /** What is measured, but for these: the same quality, and half the latency. */
  void scores(String metrics) {
    ObjectNode scores =
        Rig.json(
            "{'challenger:auc':0.9,'champion:auc':0.9,'challenger:auc:young':0.8,'champion:auc:young':0.8,'challenger:latency':20,'champion:latency':40}");
    scores.setAll(Rig.json(metrics));
    rig.world.scores("chat-", scores);
  }

  /** Somebody asks for it, as the template's rule takes it. */
  void asks() {
    rig.ask("Optimization Requested", request);
  }

  /** What the next request's jobs are called, but for their last letter. */
  String base() {
    String incident = "%s-%s-model-package-group/chat".formatted(rig.time.instant(), ACTION);
    return "chat-" + RetrainStories.hash(incident).substring(0, 12) + "-1-";
  }
}
