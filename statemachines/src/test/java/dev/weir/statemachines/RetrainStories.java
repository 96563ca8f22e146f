package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.states.Tasks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Models trained again for a drift, and drifts that nothing is trained for. */
final class RetrainStories {
  private static final String CREATE = "CreateTrainingJob";
  private static final String PACKAGE =
      "arn:aws:sagemaker:us-east-1:123456789012:model-package/chat/1";

  private RetrainStories() {}

  static Stream<Story> all() {
    return Stream.of(ways(), ends(), halts(), refused(), champions()).flatMap(List::stream);
  }

  private static Story.Begun drift(String name, Consumer<DriftingEndpoint> given) {
    return new Story.Begun(
        name,
        "DRIFT",
        rig -> {
          DriftingEndpoint endpoint = new DriftingEndpoint(rig);
          given.accept(endpoint);
          endpoint.drifts();
        });
  }

  /** Those that end with an offer. */
  static List<Story> ways() {
    return List.of(
        drift("the best of three on spot instances is offered", _ -> {}).ends("SUCCEEDED(OFFERED)"),
        drift(
                "one trial on demand, by pipe, and less is better",
                it -> {
                  it.recipe(
                      "{'spot':false,'maxWaitSeconds':null,'checkpoints':null,'inputMode':'Pipe','trials':[{}],'direction':'minimize','slices':null,'inferenceImage':'m:3','variant':'AllTraffic'}");
                  it.scores("{'challenger:auc':0.4,'champion:auc':0.5}");
                  it.rig.call(
                      "DeleteTags",
                      "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat','TagKeys':['Owner']}");
                })
            .ends("SUCCEEDED(OFFERED)"),
        drift(
                "spot interrupted, and soon given back",
                it -> fault(it.rig, Course.SPOT_INTERRUPTED, CREATE, 1))
            .ends("SUCCEEDED(OFFERED)"),
        drift(
                "spot interrupted for too long, and trained on demand",
                it -> {
                  it.recipe("{'maxRuntimeSeconds':2400,'maxWaitSeconds':2400}");
                  fault(it.rig, Course.SPOT_INTERRUPTED, CREATE, 2);
                })
            .ends("SUCCEEDED(OFFERED)"),
        drift("one of three fails", it -> fault(it.rig, Course.FAILED, CREATE, 1))
            .ends("SUCCEEDED(OFFERED)"),
        drift(
                "the replies to all that is made are lost",
                it -> {
                  it.rig.cable.lose(at("Reserve"), 1);
                  it.rig.cable.lose(at("Create"), 1);
                  it.rig.cable.lose(at("Offer"), 1);
                })
            .ends("SUCCEEDED(OFFERED)"));
  }

  /** Those that end without. */
  static List<Story> ends() {
    return List.of(
        drift("challenger worse", it -> it.scores("{'challenger:auc':0.855,'champion:auc':0.85}"))
            .ends("FAILED(CHALLENGER_WORSE)"),
        drift(
                "challenger worse in one slice",
                it ->
                    it.scores(
                        "{'challenger:auc':0.91,'champion:auc':0.85,'challenger:auc:old':0.7}"))
            .ends("FAILED(CHALLENGER_WORSE)"),
        drift(
                "nobody knows what the champion scores",
                it -> it.scores("{'challenger:auc':0.91,'champion:auc':null}"))
            .ends("FAILED(SCORE_MISSING)"),
        drift(
                "a slice without a score",
                it ->
                    it.scores(
                        "{'challenger:auc':0.91,'champion:auc':0.85,'challenger:auc:old':null}"))
            .ends("FAILED(SCORE_MISSING)"),
        drift("no score at all", it -> it.scores("{'challenger:auc':null,'champion:auc':null}"))
            .ends("FAILED(SCORE_MISSING)"),
        drift("training fails", it -> fault(it.rig, Course.FAILED, CREATE, 3))
            .ends("FAILED(TRAINING_FAILED)"),
        drift(
                "a person stops all of it",
                it -> it.rig.time.after(Duration.ofMinutes(8), () -> it.rig.stopJobs("Training")))
            .ends("FAILED(TRAINING_STOPPED)"),
        drift(
                "spot interrupted for too long, and no money for more",
                it -> {
                  it.recipe("{'maxRuntimeSeconds':2400,'maxWaitSeconds':2400,'monthlyUsd':0.47}");
                  fault(it.rig, Course.SPOT_INTERRUPTED, CREATE, 3);
                })
            .ends("FAILED(SPOT_INTERRUPTED)"),
        drift(
                "somebody else spends the money first",
                it ->
                    it.rig.cable.fail(
                        at("Reserve"), 1, "DynamoDb.ConditionalCheckFailedException", "spent"))
            .ends("FAILED(OVER_BUDGET)"),
        drift("training name taken", it -> taken(it.rig)).ends("FAILED(NAME_TAKEN)"),
        drift(
                "the training data change meanwhile",
                it -> it.rig.time.after(Duration.ofMinutes(10), () -> it.data = "others"))
            .ends("FAILED(DATA_CHANGED)"));
  }

  /** Those that are stopped. */
  static List<Story> halts() {
    return List.of(
        drift(
                "training never ends",
                it -> {
                  it.recipe("{'spot':false,'maxRuntimeSeconds':2400}");
                  fault(it.rig, Course.STUCK, CREATE, 3);
                })
            .ends("FAILED(TRAINING_STUCK)"),
        drift(
                "beyond the quota at the second trial",
                it ->
                    it.rig.cable.fail(
                        call ->
                            at("Create").test(call)
                                && call.arguments().path("TrainingJobName").asText().endsWith("2"),
                        1,
                        "SageMaker.ResourceLimitExceededException",
                        "quota (Status Code: 400)"))
            .ends("FAILED(QUOTA_EXCEEDED)"),
        drift("not allowed", it -> fault(it.rig, CallFault.ACCESS_DENIED, CREATE, 1))
            .ends("FAILED(ACCESS_DENIED)"),
        drift(
                "jobs that nobody sees",
                it ->
                    it.rig.cable.fail(
                        at("Create"),
                        Integer.MAX_VALUE,
                        "SageMaker.ResourceInUseException",
                        "in use"))
            .ends("FAILED(NOT_STARTED)"),
        drift(
                "switched off while it trains",
                it -> it.rig.time.after(Duration.ofMinutes(8), () -> it.rig.mode("retrain", "off")))
            .ends("FAILED(SWITCHED_OFF)"),
        drift(
                "the lease goes to another",
                it ->
                    it.rig.leaseGoesToAnother(
                        Duration.ofSeconds(640), DriftingEndpoint.GROUP + "/chat"))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"),
        drift(
                "the lock cannot be read",
                it ->
                    it.rig.cable.fail(
                        at("Beat"),
                        Integer.MAX_VALUE,
                        "DynamoDb.InternalServerErrorException",
                        "down"))
            .ends("ABANDONED(LOCK_UNREADABLE)"));
  }

  /** Those that are not begun. */
  static List<Story> refused() {
    return List.of(
        drift("50 rows", it -> it.outcome = "NO_DATA").refused("DATA_NO_DATA"),
        drift("schema broken", it -> it.outcome = "SCHEMA_BROKEN").refused("DATA_SCHEMA_BROKEN"),
        drift("no bucket", it -> it.outcome = "JOB_FAILED").refused("DATA_JOB_FAILED"),
        drift("one noisy feature", it -> it.outcome = "OK").instead("SUPPRESSED(NO_DRIFT)"),
        drift(
                "no recipe",
                it -> it.rig.put("RECIPE", "endpoint/chat", Map.of("other", Map.of("S", "x"))))
            .refused("NO_RECIPE"),
        drift("a recipe that is no JSON", it -> it.text("image: x")).refused("BAD_RECIPE"),
        drift("a recipe that is no object", it -> it.text("[7]")).refused("BAD_RECIPE"),
        drift("spot that waits too little", it -> it.recipe("{'maxWaitSeconds':60}"))
            .refused("BAD_RECIPE"),
        drift("dearer than the month", it -> it.recipe("{'monthlyUsd':0.5}"))
            .refused("OVER_BUDGET"),
        drift(
                "no group",
                it -> it.rig.call("DeleteModelPackageGroup", "{'ModelPackageGroupName':'chat'}"))
            .refused("PART_MISSING"),
        drift(
                "a package awaits approval",
                it ->
                    it.rig.call(
                        "CreateModelPackage",
                        "{'ModelPackageGroupName':'chat','InferenceSpecification':{'Containers':[{'Image':'m:2'}]}}"))
            .instead("SUPPRESSED(AWAITING_APPROVAL)"),
        drift("an approved package that nothing deployed", RetrainStories::approved)
            .refused("APPROVED_NOT_SERVING"),
        drift(
                "an approved package that people have replaced",
                it -> {
                  approved(it);
                  it.rig.time.advance(Duration.ofSeconds(1));
                  it.rig.config("newer", "AllTraffic");
                  it.rig.put("chat", "{'EndpointConfigName':'newer'}");
                })
            .refused("CHAMPION_UNKNOWN"),
        drift("an endpoint that failed", it -> it.rig.put("chat", "{'EndpointStatus':'Failed'}"))
            .refused("ENDPOINT_FAILED"),
        drift(
                "an endpoint that is protected",
                it ->
                    it.rig.call(
                        "AddTags",
                        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat','Tags':[{'Key':'remediation:protected','Value':'true'}]}"))
            .instead("SUPPRESSED(EXCLUDED)"));
  }

  /** By what serves. */
  static List<Story> champions() {
    return List.of(
        drift(
                "nobody knows where the champion's artifacts are",
                it -> {
                  it.rig.config("other", "AllTraffic");
                  it.rig.put("chat", "{'EndpointConfigName':'other'}");
                })
            .refused("CHAMPION_UNKNOWN"),
        drift("a champion that people trained", it -> it.serves("")).ends("SUCCEEDED(OFFERED)"),
        drift("a champion whose loop is open", it -> it.serves("{'weir.snapshot':'as-they-were'}"))
            .refused("LOOP_OPEN"),
        drift(
                "drift persists after retrain",
                it -> {
                  it.serves("{'weir.snapshot':'as-they-were'}");
                  it.baseline = "chat/1";
                  it.rig.put("RETRAIN", "endpoint/chat", Map.of("persists", Map.of("S", PACKAGE)));
                })
            .refused("RETRAINED_IN_VAIN"));
  }

  private static Predicate<Tasks.Call> at(String state) {
    return call -> call.state().equals(state) && call.executionArn().contains(":weir-act-retrain:");
  }

  private static void fault(Rig rig, FaultKind kind, String operation, int times) {
    rig.world.add(new Fault(kind, operation, "*").times(times));
  }

  /** Somebody else's job has the name that the first trial would get. */
  private static void taken(Rig rig) {
    String incident = rig.time.instant() + "-retrain-" + DriftingEndpoint.GROUP + "/chat";
    rig.trainsElsewhere("chat-" + hash(incident).substring(0, 12) + "-1-t1");
  }

  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void approved(DriftingEndpoint it) {
    it.rig.time.advance(Duration.ofSeconds(1));
    it.rig.call(
        "CreateModelPackage",
        "{'ModelPackageGroupName':'chat','ModelApprovalStatus':'Approved','InferenceSpecification':{'Containers':[{'Image':'m:2'}]}}");
  }
}
