package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RetrainTest {
  @TestFactory
  Stream<DynamicTest> every_drift_ends_as_it_should() {
    return Story.tests(RetrainStories.all());
  }

  private static Rig played(String story) {
    return Story.played(RetrainStories.all(), story);
  }

  @Test
  void trials_are_trained_on_spot_with_checkpoints_the_hold_out_and_the_champion() {
    List<JsonNode> jobs =
        played("the best of three on spot instances is offered").done("CreateTrainingJob");
    assertThat(jobs)
        .extracting(job -> job.at("/HyperParameters/depth").asText())
        .containsExactly("4", "6", "8");
    JsonNode job = jobs.getFirst();
    assertThat(job.path("TrainingJobName").asText()).matches("chat-[0-9a-f]{12}-1-t1");
    assertThat(job.path("EnableManagedSpotTraining").asBoolean()).isTrue();
    assertThat(job.at("/StoppingCondition/MaxWaitTimeInSeconds").asInt()).isEqualTo(7200);
    assertThat(job.at("/CheckpointConfig/S3Uri").asText())
        .isEqualTo("s3://models/checkpoints/" + job.path("TrainingJobName").asText());
    assertThat(job.findValuesAsText("ChannelName"))
        .containsExactly("training", "holdout", "champion");
    assertThat(job.findValuesAsText("S3Uri"))
        .contains(
            "s3://drift-data/training/chat/",
            "s3://drift-data/holdout/chat/",
            "s3://models/chat/model.tar.gz");
    assertThat(job.path("Tags").toString()).contains("ann");
  }

  @Test
  void the_package_awaits_people_and_says_what_it_was_made_of() {
    Rig rig = played("the best of three on spot instances is offered");
    List<JsonNode> packages = rig.done("CreateModelPackage");
    assertThat(packages).hasSize(1);
    JsonNode offer = packages.getFirst();
    assertThat(offer.path("ModelApprovalStatus").asText()).isEqualTo("PendingManualApproval");
    assertThat(offer.at("/CustomerMetadataProperties/weir.snapshot").asText())
        .isEqualTo("as-they-were");
    assertThat(offer.at("/CustomerMetadataProperties/weir.incident").asText())
        .contains("-retrain-model-package-group/chat");
    assertThat(rig.done("UpdateEndpoint")).isEmpty();
  }

  @Test
  void a_lost_reply_makes_nothing_twice_and_costs_nothing_twice() {
    Rig rig = played("the replies to all that is made are lost");
    assertThat(rig.done("CreateTrainingJob")).hasSize(3);
    assertThat(
            rig.call("ListModelPackages", "{'ModelPackageGroupName':'chat'}")
                .path("ModelPackageSummaryList"))
        .hasSize(1);
    assertThat(spent(rig)).isEqualTo(690_000);
  }

  private static long spent(Rig rig) {
    return rig.items("RETRAIN").getFirst().at("/usd:2026-03/N").asLong();
  }

  @Test
  void interrupted_trials_alone_are_trained_on_demand_from_their_checkpoints_and_paid_for() {
    Rig rig = played("spot interrupted for too long, and trained on demand");
    List<JsonNode> jobs = rig.done("CreateTrainingJob");
    assertThat(jobs).hasSize(5);
    for (JsonNode again : jobs.subList(3, 5)) {
      String name = again.path("TrainingJobName").asText();
      assertThat(name).endsWith("d");
      assertThat(again.has("EnableManagedSpotTraining")).isFalse();
      assertThat(again.at("/CheckpointConfig/S3Uri").asText())
          .isEqualTo("s3://models/checkpoints/" + name.substring(0, name.length() - 1));
    }
    assertThat(spent(rig)).isEqualTo(460_000 + 306_667);
  }

  @Test
  void switching_off_stops_what_trains() {
    Rig rig = played("switched off while it trains");
    assertThat(rig.done("StopTrainingJob")).hasSize(3);
    assertThat(rig.done("CreateModelPackage")).isEmpty();
  }

  @Test
  void a_challenger_that_is_worse_is_not_even_offered() {
    assertThat(played("challenger worse in one slice").done("CreateModelPackage")).isEmpty();
  }

  @Test
  void people_are_told_which_key_of_a_recipe_is_wrong() {
    Rig rig = played("spot that waits too little");
    assertThat(rig.account.outbox().messages().getFirst().text()).contains("maxWaitSeconds");
  }
}
