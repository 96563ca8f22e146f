package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.states.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Models optimised on request, and requests that are not followed. */
final class OptimizeModelStories {
  private static final String OPTIMIZE = "CreateOptimizationJob";
  private static final String EVALUATE = "CreateTrainingJob";
  private static final String UNPACKED =
      "{'ModelDataSource':{'S3DataSource':{'S3Uri':'s3://models/chat/2/','S3DataType':'S3Prefix','CompressionType':'None'}}}";

  private OptimizeModelStories() {}

  static Stream<Story> all() {
    return Stream.of(ways(), measured(), jobs(), halts(), requests(), sources())
        .flatMap(List::stream);
  }

  private static Story.Begun asked(String name, Consumer<OptimizableModel> given) {
    return new Story.Begun(
        name,
        "OPTIMIZE",
        rig -> {
          OptimizableModel model = new OptimizableModel(rig);
          given.accept(model);
          model.asks();
        });
  }

  private static Story.Begun later(String name, int seconds, Consumer<OptimizableModel> then) {
    return asked(name, it -> it.rig.time.after(Duration.ofSeconds(seconds), () -> then.accept(it)));
  }

  /** Those that end with an offer. */
  static List<Story> ways() {
    return List.of(
        asked("the package that was approved last is optimised and offered", _ -> {})
            .ends("SUCCEEDED(OFFERED)"),
        asked(
                "a package by its ARN, by two techniques, for throughput, and less error is better",
                it -> {
                  String named = it.offer("Approved", UNPACKED, "{}");
                  it.offer("Approved", "{'Image':'m:3','ModelDataUrl':'s3://models/chat/3'}", "{}");
                  it.wants(
                      "{'modelPackageArn':'%s','optimizationConfigs':[{'ModelCompilationConfig':{'Image':'neuron:1'}},{'ModelShardingConfig':{}}],'instanceType':'ml.inf2.8xlarge','output':'s3://other/place','role':'arn:aws:iam::123456789012:role/training','acceptEula':true,'gain':{'metric':'throughput','direction':'maximize','minGain':0.5},'evaluation':{'instanceType':'ml.trn1.2xlarge','hourlyUsd':2,'monthlyUsd':1}}"
                          .formatted(named));
                  it.recipe("{'direction':'minimize','slices':null}");
                  it.scores("{'challenger:throughput':3,'champion:throughput':2}");
                  it.rig.call(
                      "DeleteTags",
                      "{'ResourceArn':'%s','TagKeys':['Owner']}"
                          .formatted(OptimizableModel.GROUP_ARN));
                })
            .ends("SUCCEEDED(OFFERED)"),
        asked(
                "a model by its name",
                it -> {
                  it.model("fast", "{'Image':'m:1','ModelDataUrl':'s3://models/fast.tar.gz'}");
                  it.wants(
                      "{'model':'fast','optimizationConfigs':[{'ModelSpeculativeDecodingConfig':{'Technique':'EAGLE'}}]}");
                })
            .ends("SUCCEEDED(OFFERED)"),
        asked(
                "a model that was made of a package",
                it -> {
                  it.model(
                      "served", "{'ModelPackageName':'%s1'}".formatted(OptimizableModel.PACKAGE));
                  it.wants("{'model':'served'}");
                })
            .ends("SUCCEEDED(OFFERED)"),
        asked("as much worse as it may be", it -> it.scores("{'challenger:auc':0.885}"))
            .ends("SUCCEEDED(OFFERED)"),
        asked(
                "the replies to all that is made are lost",
                it -> {
                  it.rig.cable.lose(at("Reserve"), 1);
                  it.rig.cable.lose(at("CreateOptimization"), 1);
                  it.rig.cable.lose(at("CreateEvaluation"), 1);
                  it.rig.cable.lose(at("Offer"), 1);
                })
            .ends("SUCCEEDED(OFFERED)"));
  }

  /** By what is measured. */
  static List<Story> measured() {
    return List.of(
        asked("optimised and worse", it -> it.scores("{'challenger:auc':0.87}"))
            .ends("FAILED(CHALLENGER_WORSE)"),
        asked("optimised and worse in one slice", it -> it.scores("{'challenger:auc:young':0.7}"))
            .ends("FAILED(CHALLENGER_WORSE)"),
        asked("optimised and hardly faster", it -> it.scores("{'challenger:latency':37}"))
            .ends("FAILED(NOT_BETTER)"),
        asked("nobody knows what the original scores", it -> it.scores("{'champion:auc':null}"))
            .ends("FAILED(SCORE_MISSING)"),
        asked("a slice that was not measured", it -> it.scores("{'challenger:auc:young':null}"))
            .ends("FAILED(SCORE_MISSING)"),
        asked("a gain that was not measured", it -> it.scores("{'challenger:latency':null}"))
            .ends("FAILED(SCORE_MISSING)"));
  }

  /** By what becomes of the jobs. */
  static List<Story> jobs() {
    return List.of(
        asked("the optimisation fails", it -> fault(it, Course.FAILED, OPTIMIZE))
            .ends("FAILED(OPTIMIZATION_FAILED)"),
        asked("no capacity to optimise with", it -> fault(it, Course.NO_CAPACITY, OPTIMIZE))
            .ends("FAILED(NO_CAPACITY)"),
        asked("longer than it may", it -> it.wants("{'maxRuntimeSeconds':600}"))
            .ends("FAILED(OPTIMIZATION_STOPPED)"),
        later("a person stops the optimisation", 480, it -> it.rig.stopJobs("Optimization"))
            .ends("FAILED(OPTIMIZATION_STOPPED)"),
        asked("the evaluation fails", it -> fault(it, Course.FAILED, EVALUATE))
            .ends("FAILED(EVALUATION_FAILED)"),
        asked("no capacity to measure with", it -> fault(it, Course.NO_CAPACITY, EVALUATE))
            .ends("FAILED(NO_CAPACITY)"),
        later("a person stops the evaluation", 2040, it -> it.rig.stopJobs("Training"))
            .ends("FAILED(EVALUATION_STOPPED)"),
        asked("the optimisation's name is taken", OptimizeModelStories::optimizationTaken)
            .ends("FAILED(NAME_TAKEN)"),
        asked("the evaluation's name is taken", OptimizeModelStories::evaluationTaken)
            .ends("FAILED(NAME_TAKEN)"),
        asked(
                "jobs to optimise that nobody sees",
                it ->
                    it.rig.cable.fail(
                        at("CreateOptimization"),
                        Integer.MAX_VALUE,
                        "SageMaker.ResourceInUseException",
                        "in use"))
            .ends("FAILED(NOT_STARTED)"),
        asked("beyond the quota", it -> fault(it, CallFault.LIMIT_EXCEEDED, OPTIMIZE))
            .ends("FAILED(QUOTA_EXCEEDED)"),
        asked("beyond the quota of measuring", it -> fault(it, CallFault.LIMIT_EXCEEDED, EVALUATE))
            .ends("FAILED(QUOTA_EXCEEDED)"),
        asked("not allowed to optimise", it -> fault(it, CallFault.ACCESS_DENIED, OPTIMIZE))
            .ends("FAILED(ACCESS_DENIED)"));
  }

  /** Those that are stopped. */
  static List<Story> halts() {
    return List.of(
        asked(
                "the optimisation never begins",
                it -> {
                  it.wants("{'maxRuntimeSeconds':600}");
                  fault(it, Course.STUCK, OPTIMIZE);
                })
            .ends("FAILED(OPTIMIZATION_STUCK)"),
        asked(
                "the evaluation never ends",
                it -> {
                  it.wants("{'maxRuntimeSeconds':2400}");
                  it.recipe("{'maxRuntimeSeconds':1800}");
                  fault(it, Course.STUCK, EVALUATE);
                })
            .ends("FAILED(EVALUATION_STUCK)"),
        asked(
                "somebody else spends the month's money first",
                it ->
                    it.rig.cable.fail(
                        at("Reserve"), 1, "DynamoDb.ConditionalCheckFailedException", "spent"))
            .ends("FAILED(OVER_BUDGET)"),
        later(
                "switched off while it is optimised",
                480,
                it -> it.rig.mode(OptimizableModel.ACTION, "off"))
            .ends("FAILED(SWITCHED_OFF)"),
        later(
                "switched off while it is measured",
                2040,
                it -> it.rig.mode(OptimizableModel.ACTION, "off"))
            .ends("FAILED(SWITCHED_OFF)"),
        later(
                "switched off while a person has it stopped",
                480,
                it -> {
                  it.rig.stopJobs("Optimization");
                  it.rig.mode(OptimizableModel.ACTION, "off");
                })
            .ends("FAILED(SWITCHED_OFF)"),
        later(
                "the lease of the optimisation goes to another",
                490,
                it ->
                    it.rig.put(
                        "LOCK",
                        "model-package-group/chat",
                        Map.of("owner", Map.of("S", "another"), "fence", Map.of("N", "99"))))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"),
        asked(
                "the lock of the group cannot be read",
                it ->
                    it.rig.cable.fail(
                        at("Beat"),
                        Integer.MAX_VALUE,
                        "DynamoDb.InternalServerErrorException",
                        "down"))
            .ends("ABANDONED(LOCK_UNREADABLE)"));
  }

  /** By what is asked for, and what there is to measure by. */
  static List<Story> requests() {
    return List.of(
        asked(
                "a technique that SageMaker does not have",
                it -> it.wants("{'optimizationConfigs':[{'ModelDistillationConfig':{}}]}"))
            .refused("BAD_REQUEST"),
        asked(
                "a role that nobody may hand over",
                it -> it.wants("{'role':'arn:aws:iam::123456789012:role/admin'}"))
            .refused("BAD_REQUEST"),
        asked(
                "nothing but a target",
                it ->
                    it.wants(
                        "{'optimizationConfigs':null,'instanceType':null,'maxRuntimeSeconds':null,'hourlyUsd':null,'maxUsd':null,'gain':null}"))
            .refused("BAD_REQUEST"),
        asked(
                "everything of another type",
                it ->
                    it.wants(
                        "{'model':7,'modelPackageArn':[1],'optimizationConfigs':'all','instanceType':5,'output':{},'acceptEula':'yes','maxRuntimeSeconds':'1','hourlyUsd':null,'maxUsd':[],'gain':7,'evaluation':'big'}"))
            .refused("BAD_REQUEST"),
        asked(
                "nothing to measure by",
                it -> it.rig.put("RECIPE", "endpoint/chat", Map.of("other", Map.of("S", "x"))))
            .refused("NO_RECIPE"),
        asked("measured by what is no JSON", it -> it.text("image: x")).refused("BAD_RECIPE"),
        asked("measured by what is no recipe", it -> it.text("[7]")).refused("BAD_RECIPE"),
        asked("dearer than was said", it -> it.wants("{'maxUsd':3.9}")).refused("OVER_BUDGET"),
        asked("dearer than what is left", it -> it.recipe("{'monthlyUsd':3.9}"))
            .refused("OVER_BUDGET"));
  }

  /** By what there is to optimise. */
  static List<Story> sources() {
    return List.of(
        asked(
                "no group to offer in",
                it -> {
                  it.rig.call(
                      "DeleteModelPackage",
                      "{'ModelPackageName':'%s1'}".formatted(OptimizableModel.PACKAGE));
                  it.rig.call("DeleteModelPackageGroup", "{'ModelPackageGroupName':'chat'}");
                })
            .refused("PART_MISSING"),
        asked(
                "an offer awaits approval already",
                it -> it.offer("PendingManualApproval", "{'Image':'m:2'}", "{}"))
            .instead("SUPPRESSED(AWAITING_APPROVAL)"),
        asked(
                "nothing is approved",
                it ->
                    it.rig.call(
                        "UpdateModelPackage",
                        "{'ModelPackageArn':'%s1','ModelApprovalStatus':'Rejected'}"
                            .formatted(OptimizableModel.PACKAGE)))
            .refused("NOT_APPROVED"),
        asked(
                "a package that was rejected",
                it ->
                    it.wants(
                        "{'modelPackageArn':'%s'}".formatted(it.offer("Rejected", UNPACKED, "{}"))))
            .refused("NOT_APPROVED"),
        asked("a package without artifacts", it -> it.offer("Approved", "{'Image':'m:2'}", "{}"))
            .refused("CHAMPION_UNKNOWN"),
        asked(
                "a model without artifacts",
                it -> {
                  it.model("bare", "{'Image':'m:2'}");
                  it.wants("{'model':'bare'}");
                })
            .refused("CHAMPION_UNKNOWN"),
        asked("a model that is not there", it -> it.wants("{'model':'nobody'}"))
            .refused("PART_MISSING"),
        asked(
                "what was optimised already",
                it -> it.offer("Approved", UNPACKED, "{'weir.optimization':'Quantization'}"))
            .refused("OPTIMIZED_ALREADY"));
  }

  private static Predicate<Tasks.Call> at(String state) {
    return call ->
        call.state().equals(state) && call.executionArn().contains(":weir-act-optimize-model:");
  }

  private static void fault(OptimizableModel it, FaultKind kind, String operation) {
    it.rig.world.add(new Fault(kind, operation, "*").times(1));
  }

  private static void optimizationTaken(OptimizableModel it) {
    it.rig.call(
        OPTIMIZE,
        "{'OptimizationJobName':'%so','RoleArn':'arn:aws:iam::123456789012:role/other','ModelSource':{'S3':{'S3Uri':'s3://other'}},'DeploymentInstanceType':'ml.g5.xlarge','OptimizationConfigs':[{'ModelShardingConfig':{}}],'OutputConfig':{'S3OutputLocation':'s3://other'},'StoppingCondition':{'MaxRuntimeInSeconds':3600}}"
            .formatted(it.base()));
  }

  private static void evaluationTaken(OptimizableModel it) {
    it.rig.trainsElsewhere(it.base() + "e");
  }
}
