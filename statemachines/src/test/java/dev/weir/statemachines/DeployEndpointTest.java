package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.state.Ledger;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class DeployEndpointTest {

  @TestFactory
  Stream<DynamicTest> each_release_ends_as_it_should() {
    return Story.tests(DeployEndpointStories.all());
  }

  @Test
  void a_canary_is_asked_for_with_its_alarms_and_the_counts_that_are() {
    Rig rig = played("a canary");
    JsonNode update = calls(rig, "UpdateEndpoint").getFirst().request();
    assertThat(update.path("RetainAllVariantProperties").asBoolean()).isTrue();
    assertThat(update.at("/DeploymentConfig/BlueGreenUpdatePolicy/TrafficRoutingConfiguration"))
        .isEqualTo(
            Rig.json(
                "{'Type':'CANARY','WaitIntervalInSeconds':300,'CanarySize':{'Type':'CAPACITY_PERCENT','Value':25}}"));
    assertThat(update.at("/DeploymentConfig/AutoRollbackConfiguration/Alarms/0/AlarmName").asText())
        .isEqualTo(Releases.ALARM);
  }

  @Test
  void only_a_warm_release_is_routed_to_and_only_a_baked_one_is_good() {
    Rig rig = played("a canary");
    assertThat(rig.good("chat")).containsExactly("chat-b", "chat-config");
    JsonNode route = rig.items("ROUTE").getFirst();
    assertThat(route.at("/config/S").asText()).isEqualTo("chat-b");
    assertThat(route.at("/weight/N").asInt()).isEqualTo(100);
    assertThat(route.at("/promotedBy/S").asText()).isEqualTo("ann");
    assertThat(rig.items("ROUTE")).hasSize(1);
    assertThat(played("it never ends").items("ROUTE")).isEmpty();
    assertThat(played("nobody asks it").good("chat")).isEmpty();
  }

  @Test
  void a_release_that_alarms_gives_way_to_the_one_before() {
    Rig rig = played("alarms come in the bake");
    assertThat(calls(rig, "UpdateEndpoint"))
        .extracting(call -> call.request().path("EndpointConfigName").asText())
        .containsExactly("chat-b", "chat-config");
    assertThat(rig.good("chat")).containsExactly("chat-config");
    assertThat(rig.items("ROUTE").getFirst().at("/promotedBy/S").asText()).isEqualTo("weir");
  }

  @Test
  void a_model_is_deployed_by_a_clone_of_what_runs_with_its_tags() {
    Rig rig = played("an approved model, and old clones go");
    JsonNode made = calls(rig, "CreateEndpointConfig").getLast().request();
    JsonNode model = calls(rig, "CreateModel").getLast().request();
    assertThat(made.path("EndpointConfigName").asText()).matches("chat-config-d[0-9a-f]{8}");
    assertThat(made.at("/ProductionVariants/0/ModelName")).isEqualTo(model.path("ModelName"));
    assertThat(model.at("/PrimaryContainer/ModelPackageName").asText()).endsWith("chat/1");
    assertThat(made.at("/Tags/0/Value").asText()).isEqualTo("ann");
    assertThat(model.at("/Tags/0/Value").asText()).isEqualTo("ann");
  }

  @Test
  void of_old_configurations_only_clones_that_nothing_needs_are_deleted() {
    Rig rig = played("an approved model, and old clones go");
    assertThat(calls(rig, "DeleteEndpointConfig"))
        .extracting(Ledger.Entry::resource)
        .containsExactlyInAnyOrder("chat-config-da0000001", "chat-config-ra0000002");
    Rig many = played("old clones among more endpoints than can be looked at");
    assertThat(calls(many, "DeleteEndpointConfig")).isEmpty();
  }

  // A task's result may have 256 KiB, and these rows have more.
  @Test
  void a_clone_that_is_good_for_one_of_hundreds_of_endpoints_stays() {
    Rig rig = released(250);
    assertThat(calls(rig, "DeleteEndpointConfig"))
        .extracting(Ledger.Entry::resource)
        .containsExactly("chat-config-ra0000002");
  }

  @Test
  void no_clone_is_deleted_where_not_all_that_is_good_can_be_read() {
    assertThat(calls(released(400), "DeleteEndpointConfig")).isEmpty();
  }

  /** A release beside so many endpoints, for the last of which a clone is good. */
  private static Rig released(int endpoints) {
    Rig rig = new Rig(1);
    Releases.release(
            "",
            all -> {
              Releases.clones(all);
              for (int i = 0; i < endpoints; i++) {
                good(all, "many-" + i, "many");
              }
              good(all, "the-last", "chat-config-da0000001");
            })
        .ends("")
        .play(rig);
    assertThat(rig.outcomes()).contains("SUCCEEDED(CANARY)");
    return rig;
  }

  private static void good(Rig rig, String endpoint, String config) {
    rig.put(
        "GOOD",
        "endpoint/" + endpoint,
        Map.of(
            "configs", Map.of("L", List.of(Map.of("S", config))),
            "deleted", Map.of("S", "x".repeat(100_000))));
  }

  @Test
  void only_a_model_trained_for_a_drift_leaves_one_to_be_closed() {
    assertThat(played("an approved model, and old clones go").items("RETRAIN")).isEmpty();
    JsonNode row = played("a model trained for a drift").items("RETRAIN").getFirst();
    assertThat(row.at("/deployed/S").asText()).isEqualTo(Releases.PACKAGE);
  }

  @Test
  void what_was_done_although_nobody_heard_is_not_done_again() {
    Rig rig = played("the replies to all that is made are lost");
    assertThat(calls(rig, "UpdateEndpoint")).hasSize(1);
    assertThat(calls(rig, "CreateEndpointConfig"))
        .extracting(Ledger.Entry::outcome)
        .filteredOn(outcome -> outcome.equals(Ledger.DONE))
        .hasSize(9);
  }

  @Test
  void nothing_is_changed_once_it_is_switched_off() {
    assertThat(calls(played("switched off"), "UpdateEndpoint")).hasSize(1);
  }

  private static Rig played(String name) {
    return Story.played(DeployEndpointStories.all(), name);
  }

  private static List<Ledger.Entry> calls(Rig rig, String operation) {
    return rig.world.ledger().stream()
        .filter(entry -> entry.operation().equals(operation))
        .toList();
  }
}
