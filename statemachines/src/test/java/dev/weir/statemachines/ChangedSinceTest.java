package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose change it is that came after the alarm. */
final class ChangedSinceTest {
  private static final String THEIRS = "ESCALATED(CHANGED_SINCE)";

  private final Rig rig = new Rig(1);

  @BeforeEach
  void an_alarm_is_on_that_nobody_has_acted_on() {
    rig.config("older", "AllTraffic");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
    bounds(2);
    rig.mode("restart-endpoint", "off");
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60}"));
    rig.world.add(new Fault(Condition.PROBES_FAIL, Fault.ANY, "chat"));
    pass(5);
  }

  private void pass(int minutes) {
    rig.time.advance(Duration.ofMinutes(minutes));
  }

  private void bounds(int min) {
    rig.call(
        Service.AUTO_SCALING,
        "RegisterScalableTarget",
        "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','MinCapacity':%d,'MaxCapacity':6}"
            .formatted(min));
  }

  private void scaled() {
    bounds(4);
    pass(10);
    assertThat(new QueuedEndpoint(rig).instances()).isEqualTo(4);
  }

  private void weighed() {
    rig.call(
        "UpdateEndpointWeightsAndCapacities",
        "{'EndpointName':'chat','DesiredWeightsAndCapacities':[{'VariantName':'AllTraffic','DesiredInstanceCount':3}]}");
    pass(10);
  }

  private void deployed(String config) {
    rig.call(
        "UpdateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'%s'}".formatted(config));
    pass(30);
  }

  /** What becomes of it when the reconciler asks again. */
  private String outcome() {
    rig.mode("restart-endpoint", "auto");
    rig.start("reconcile", Rig.json("{}"));
    pass(1);
    return rig.outcomes().stream().filter(row -> !row.startsWith("SUPPRESSED")).toList().getFirst();
  }

  @Test
  void a_count_that_scaling_has_changed_is_no_persons_change() {
    scaled();
    assertThat(outcome()).isEqualTo("INTENT(REPLACE)");
  }

  @Test
  void nor_is_it_where_the_configuration_in_use_is_the_last_good_one() {
    good("chat-config");
    scaled();
    assertThat(outcome()).isEqualTo("INTENT(REPLACE)");
  }

  /** A run that is killed while its update is under way, which goes on without it. */
  private void killed() {
    rig.mode("restart-endpoint", "auto");
    rig.start("reconcile", Rig.json("{}"));
    pass(5);
    assertThat(rig.outcomes()).endsWith("INTENT(REPLACE)");
    GuardStories.stop(rig, "guard");
    pass(60);
    assertThat(rig.outcomes()).contains("CRASHED(ABORTED)");
    rig.mode("restart-endpoint", "off");
  }

  private String outcomeAfterTheCrash() {
    int before = rig.outcomes().size();
    rig.mode("restart-endpoint", "auto");
    rig.start("reconcile", Rig.json("{}"));
    pass(1);
    return String.join(" ", rig.outcomes().subList(before, rig.outcomes().size()));
  }

  @Test
  void what_a_killed_run_had_begun_is_no_persons_change() {
    killed();
    assertThat(outcomeAfterTheCrash()).isEqualTo("INTENT(REPLACE)");
  }

  @Test
  void what_a_person_deploys_after_a_killed_run_is_theirs() {
    killed();
    deployed("older");
    assertThat(outcomeAfterTheCrash()).isEqualTo(THEIRS);
  }

  private void good(String config) {
    rig.put("GOOD", "endpoint/chat", Map.of("configs", Map.of("L", List.of(Map.of("S", config)))));
  }

  @Test
  void a_count_that_nobody_has_scaled_to_is_a_persons() {
    weighed();
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void a_count_that_was_set_after_scaling_is_a_persons() {
    scaled();
    bounds(2);
    weighed();
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void a_count_that_scaling_was_refused_is_a_persons() {
    weighed();
    rig.call(
        "UpdateEndpointWeightsAndCapacities",
        "{'EndpointName':'chat','DesiredWeightsAndCapacities':[{'VariantName':'AllTraffic','DesiredInstanceCount':4}]}");
    bounds(4);
    pass(10);
    rig.call(
        "UpdateEndpointWeightsAndCapacities",
        "{'EndpointName':'chat','DesiredWeightsAndCapacities':[{'VariantName':'AllTraffic','DesiredInstanceCount':5}]}");
    pass(10);
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void scaling_that_found_no_capacity_explains_nothing() {
    rig.world.add(new Fault(Course.NO_CAPACITY, "UpdateEndpointWeightsAndCapacities", "chat"));
    bounds(3);
    pass(3);
    bounds(2);
    pass(12);
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void a_new_configuration_is_a_persons_though_scaling_came_after_it() {
    rig.config("newer", "AllTraffic");
    pass(1);
    deployed("newer");
    scaled();
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void an_old_configuration_is_a_persons_though_scaling_came_after_it() {
    deployed("older");
    scaled();
    assertThat(outcome()).isEqualTo(THEIRS);
  }

  @Test
  void another_configuration_than_the_last_good_one_is_a_persons() {
    good("older");
    scaled();
    assertThat(outcome()).isEqualTo(THEIRS);
  }
}
