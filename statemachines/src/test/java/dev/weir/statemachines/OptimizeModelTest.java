package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class OptimizeModelTest {
  private static final String USUAL = "the package that was approved last is optimised and offered";
  private static final String NAMED =
      "a package by its ARN, by two techniques, for throughput, and less error is better";

  @TestFactory
  Stream<DynamicTest> every_request_ends_as_it_should() {
    return Story.tests(OptimizeModelStories.all());
  }

  private static Rig played(String story) {
    return Story.played(OptimizeModelStories.all(), story);
  }

  private static JsonNode call(Rig rig, String operation) {
    List<JsonNode> calls = rig.done(operation);
    assertThat(calls).hasSize(1);
    return calls.getFirst();
  }

  @Test
  void the_job_gets_what_was_asked_for_the_one_role_and_the_tags_of_the_group() {
    JsonNode job = call(played(USUAL), "CreateOptimizationJob");
    String name = job.path("OptimizationJobName").asText();
    assertThat(name).matches("chat-[0-9a-f]{12}-1-o");
    assertThat(job.path("RoleArn").asText()).isEqualTo("arn:aws:iam::123456789012:role/training");
    assertThat(job.at("/ModelSource/S3/S3Uri").asText())
        .isEqualTo("s3://models/chat/1/model.tar.gz");
    assertThat(job.at("/ModelSource/S3").has("ModelAccessConfig")).isFalse();
    assertThat(job.path("DeploymentInstanceType").asText()).isEqualTo("ml.g5.2xlarge");
    assertThat(
            job.at("/OptimizationConfigs/0/ModelQuantizationConfig/OverrideEnvironment").toString())
        .isEqualTo("{\"OPTION_QUANTIZE\":\"awq\"}");
    assertThat(job.at("/OutputConfig/S3OutputLocation").asText())
        .isEqualTo("s3://models/chat/" + name);
    assertThat(job.at("/StoppingCondition/MaxRuntimeInSeconds").asInt()).isEqualTo(7200);
    assertThat(job.path("Tags").toString()).contains("ann");
  }

  @Test
  void both_models_are_measured_on_the_hold_out_by_the_recipe() {
    Rig rig = played(USUAL);
    String optimised = call(rig, "CreateOptimizationJob").path("OptimizationJobName").asText();
    JsonNode job = call(rig, "CreateTrainingJob");
    assertThat(job.path("TrainingJobName").asText())
        .isEqualTo(optimised.substring(0, optimised.length() - 1) + "e");
    assertThat(job.findValuesAsText("ChannelName"))
        .containsExactly("holdout", "champion", "challenger");
    assertThat(job.findValuesAsText("S3Uri"))
        .containsExactly(
            "s3://drift-data/holdout/chat/",
            "s3://models/chat/1/model.tar.gz",
            "s3://models/chat/" + optimised + "/");
    assertThat(job.at("/AlgorithmSpecification/MetricDefinitions").findValuesAsText("Name"))
        .containsExactlyInAnyOrder(
            "challenger:auc",
            "champion:auc",
            "challenger:latency",
            "champion:latency",
            "challenger:auc:young",
            "champion:auc:young");
    assertThat(job.path("Tags").toString()).contains("ann");
  }

  @Test
  void the_package_awaits_people_and_says_what_it_was_made_of_and_what_both_score() {
    Rig rig = played(USUAL);
    JsonNode offer = call(rig, "CreateModelPackage");
    assertThat(offer.path("ModelApprovalStatus").asText()).isEqualTo("PendingManualApproval");
    JsonNode said = offer.path("CustomerMetadataProperties");
    assertThat(said.path("weir.source").asText()).isEqualTo(OptimizableModel.PACKAGE + "1");
    assertThat(said.path("weir.optimization").asText()).isEqualTo("Quantization");
    assertThat(said.path("weir.challenger").asText()).isEqualTo("0.9");
    assertThat(said.path("weir.champion").asText()).isEqualTo("0.9");
    assertThat(said.path("weir.gain").asText()).isEqualTo("latency");
    assertThat(said.path("weir.gain.challenger").asText()).isEqualTo("20");
    assertThat(said.path("weir.gain.champion").asText()).isEqualTo("40");
    JsonNode container = offer.at("/InferenceSpecification/Containers/0");
    assertThat(container.path("Image").asText()).isEqualTo("lmi:1");
    assertThat(container.at("/Environment/HF_TASK").asText()).isEqualTo("chat");
    assertThat(container.at("/ModelDataSource/S3DataSource/S3Uri").asText()).endsWith("-o/");
    assertThat(
            offer.at("/InferenceSpecification/SupportedRealtimeInferenceInstanceTypes/0").asText())
        .isEqualTo("ml.g5.2xlarge");
    assertThat(offer.has("Tags")).as("a package in a group has the group's").isFalse();
    assertThat(rig.done("UpdateModelPackage")).isEmpty();
    assertThat(rig.all("act-deploy-endpoint")).isEmpty();
  }

  @Test
  void once_people_approve_it_is_deployed_as_any_package() {
    Rig rig = played(USUAL);
    Releases.begin(rig);
    rig.call(
        "UpdateModelPackage",
        "{'ModelPackageArn':'%s2','ModelApprovalStatus':'Approved'}"
            .formatted(OptimizableModel.PACKAGE));
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).contains("SUCCEEDED(CANARY)");
    assertThat(call(rig, "CreateModel").at("/PrimaryContainer/ModelPackageName").asText())
        .isEqualTo(OptimizableModel.PACKAGE + "2");
  }

  @Test
  void people_are_told_that_a_package_awaits_them() {
    assertThat(played(USUAL).account.outbox().messages())
        .extracting(Outbox.Message::text)
        .anySatisfy(text -> assertThat(text).contains("OFFERED").contains("optimised"));
  }

  @Test
  void a_request_names_package_place_licence_and_the_instances_to_measure_on() {
    Rig rig = played(NAMED);
    JsonNode job = call(rig, "CreateOptimizationJob");
    assertThat(job.at("/ModelSource/S3/S3Uri").asText()).isEqualTo("s3://models/chat/2/");
    assertThat(job.at("/ModelSource/S3/ModelAccessConfig/AcceptEula").asBoolean()).isTrue();
    assertThat(job.at("/OutputConfig/S3OutputLocation").asText()).startsWith("s3://other/place/");
    assertThat(job.has("Tags")).isFalse();
    JsonNode evaluation = call(rig, "CreateTrainingJob");
    assertThat(evaluation.at("/ResourceConfig/InstanceType").asText()).isEqualTo("ml.trn1.2xlarge");
    JsonNode said = call(rig, "CreateModelPackage").path("CustomerMetadataProperties");
    assertThat(said.path("weir.optimization").asText()).isEqualTo("Compilation+Sharding");
    assertThat(spent(rig)).isEqualTo((2 * 1_500_000) + 2_000_000);
  }

  /** How many packages await approval. */
  private static int offers(Rig rig) {
    return rig.call(
            "ListModelPackages",
            "{'ModelPackageGroupName':'chat','ModelApprovalStatus':'PendingManualApproval'}")
        .path("ModelPackageSummaryList")
        .size();
  }

  private static long spent(Rig rig) {
    return rig.items("RETRAIN").getFirst().at("/usd:2026-03/N").asLong();
  }

  @Test
  void a_model_without_a_package_is_optimised_as_the_model_it_is() {
    Rig rig = played("a model by its name");
    assertThat(
            call(rig, "CreateOptimizationJob").at("/ModelSource/SageMakerModel/ModelName").asText())
        .isEqualTo("fast");
    assertThat(
            call(rig, "CreateModelPackage").at("/CustomerMetadataProperties/weir.source").asText())
        .isEqualTo("fast");
  }

  @Test
  void a_lost_reply_makes_nothing_twice_and_costs_nothing_twice() {
    Rig rig = played("the replies to all that is made are lost");
    assertThat(rig.done("CreateOptimizationJob")).hasSize(1);
    assertThat(rig.done("CreateTrainingJob")).hasSize(1);
    assertThat(offers(rig)).isEqualTo(1);
    assertThat(spent(rig)).isEqualTo((2 * 1_500_000) + 1_000_000);
  }

  @Test
  void switching_off_stops_the_job_that_runs_and_offers_nothing() {
    Rig optimising = played("switched off while it is optimised");
    assertThat(optimising.done("StopOptimizationJob")).hasSize(1);
    assertThat(optimising.done("CreateTrainingJob")).isEmpty();
    Rig measuring = played("switched off while it is measured");
    assertThat(measuring.done("StopTrainingJob")).hasSize(1);
    assertThat(measuring.done("CreateModelPackage")).isEmpty();
  }

  @Test
  void what_is_out_of_time_is_stopped() {
    assertThat(played("the optimisation never begins").done("StopOptimizationJob")).hasSize(1);
    assertThat(played("the evaluation never ends").done("StopTrainingJob")).hasSize(1);
  }

  @Test
  void somebody_elses_job_is_neither_adopted_nor_stopped() {
    Rig rig = played("the optimisation's name is taken");
    assertThat(rig.done("StopOptimizationJob")).isEmpty();
    assertThat(rig.done("CreateTrainingJob")).isEmpty();
  }

  @Test
  void what_is_worse_or_not_measured_is_not_even_offered() {
    OptimizeModelStories.measured()
        .forEach(story ->
            assertThat(story.play(new Rig(1)).done("CreateModelPackage"))
                .as(story.name())
                .isEmpty());
  }

  @Test
  void people_are_told_which_part_of_a_request_is_wrong() {
    assertThat(told("a technique that SageMaker does not have")).contains("optimizationConfigs");
    assertThat(told("everything of another type"))
        .contains(
            "model, modelPackageArn, optimizationConfigs, instanceType, output, acceptEula,"
                + " maxRuntimeSeconds, hourlyUsd, maxUsd, gain, evaluation.");
    assertThat(told("a role that nobody may hand over")).contains("role");
    assertThat(told("dearer than was said")).contains("4 USD of the 3.9 allowed");
  }

  private static String told(String story) {
    return played(story).account.outbox().messages().getFirst().text();
  }

  /** P3 and P6, whatever else goes wrong. */
  @Test
  void in_any_weather_only_what_was_measured_is_offered_and_nothing_is_changed_while_off() {
    List<String> ends = new ArrayList<>();
    for (long seed = 1; seed <= 150; seed++) {
      Weather weather = new Weather(seed);
      weather.play();
      ends.addAll(weather.rig.outcomes());
    }
    assertThat(ends)
        .as("the weather is neither too good nor too bad")
        .contains("SUCCEEDED(OFFERED)", "FAILED(CHALLENGER_WORSE)", "FAILED(SWITCHED_OFF)");
  }

  /** A request while calls fail, replies are lost, jobs fail, and somebody may switch it off. */
  private static final class Weather {
    private static final Duration LONG = Duration.ofHours(8);

    /** Longer than a pause, a call and its retries. */
    private static final Duration CALL = Duration.ofMinutes(6);

    private final Rig rig;
    private final boolean worse;
    private final Instant off;

    Weather(long seed) {
      rig = new Rig(seed);
      Random random = new Random(seed);
      OptimizableModel model = new OptimizableModel(rig);
      worse = random.nextInt(3) == 0;
      if (worse) {
        model.scores(random.nextBoolean() ? "{'challenger:auc':0.7}" : "{'champion:auc':null}");
      }
      if (random.nextInt(4) == 0) {
        Course course = random.nextBoolean() ? Course.FAILED : Course.STUCK;
        rig.world.add(new Fault(course, "*", "*").times(1));
      }
      model.asks();
      Instant now = rig.time.instant();
      rig.cable.rough(now.plus(Duration.ofMinutes(90)), 0.15, 0.1);
      off = now.plus(random.nextInt(3) == 0 ? Duration.ofMinutes(random.nextInt(70)) : LONG);
      rig.time.after(Duration.between(now, off), () -> rig.mode(OptimizableModel.ACTION, "off"));
    }

    void play() {
      rig.time.advance(LONG.minusMinutes(1));
      new Invariants(rig).hold();
      for (Ledger.Entry entry : rig.world.ledger()) {
        if (!entry.caller().equals("test")) {
          assertThat(entry.operation().startsWith("Delete")).as("P6: %s", entry).isFalse();
          assertThat(entry.at()).as("P3: %s", entry).isBefore(off.plus(CALL));
        }
      }
      assertThat(offers(rig)).as("%s", rig.outcomes()).isLessThanOrEqualTo(worse ? 0 : 1);
      assertThat(rig.done("CreateOptimizationJob").size()).isLessThanOrEqualTo(1);
      assertThat(rig.done("CreateTrainingJob").size()).isLessThanOrEqualTo(1);
    }
  }
}
