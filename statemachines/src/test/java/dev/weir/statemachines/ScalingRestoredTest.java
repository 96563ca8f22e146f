package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DeleteEndpoint takes the scaling off; who creates the endpoint again gives all of it back. */
final class ScalingRestoredTest {
  private static final String RESTART = "weir-act-restart-endpoint";
  private static final String UNPARK = "weir-act-unpark-endpoint";

  private final Rig rig = new Rig(1);
  private final Sweeper sweeper = new Sweeper(rig);

  private ScaledEndpoint scaled() {
    rig.mode("restart-endpoint", "auto");
    rig.endpoint("chat", 2);
    ScaledEndpoint endpoint = ScaledEndpoint.of(rig);
    rig.time.advance(Duration.ofMinutes(20));
    RestartEndpointStories.approving(rig);
    return endpoint;
  }

  private void fails() {
    rig.put("chat", "{'EndpointStatus':'Failed'}");
    rig.time.advance(Duration.ofMinutes(90));
  }

  private void toldAgain() {
    rig.remedy(
        "restart-endpoint",
        "endpoint",
        "EndpointName",
        RestartEndpointStories.stateChange(rig, "FAILED"));
    rig.time.advance(Duration.ofMinutes(90));
  }

  private ScaledEndpoint parked(Consumer<ScaledEndpoint> more) {
    sweeper.endpoint("chat", "dev");
    ScaledEndpoint endpoint = ScaledEndpoint.of(rig);
    more.accept(endpoint);
    rig.time.advance(Duration.ofMinutes(20));
    return endpoint;
  }

  private List<String> outcomes() {
    return rig.outcomes().stream().filter(row -> !row.equals("SUPPRESSED(BUSY)")).toList();
  }

  private void unparked() {
    sweeper.unpark("chat");
    rig.time.advance(Duration.ofMinutes(30));
  }

  @Test
  void an_endpoint_that_is_made_again_has_all_its_scaling() {
    ScaledEndpoint endpoint = scaled();
    String before = endpoint.everything();
    String arn = endpoint.arn("queue");
    int alarms = endpoint.alarms().size();

    fails();

    assertThat(outcomes()).containsExactly("INTENT(RECREATE)", "SUCCEEDED(RECREATE)");
    assertThat(endpoint.everything()).isEqualTo(before);
    assertThat(endpoint.alarms()).hasSize(alarms);
    assertThat(endpoint.arn("queue")).isNotEqualTo(arn);
    assertThat(endpoint.alarm().path("AlarmActions").toString())
        .contains("people", endpoint.arn("queue"))
        .doesNotContain(arn);
    assertThat(rig.items("GOOD").getFirst().has("deleted")).isFalse();
    rig.world.condition("chat", "ok", Rig.json("{'backlog':2000,'servedPerInstance':1}"));
    rig.time.advance(Duration.ofMinutes(15));
    assertThat(new QueuedEndpoint(rig).capacities()).isNotEmpty();
  }

  @Test
  void a_parked_endpoint_comes_back_with_all_its_scaling() {
    ScaledEndpoint endpoint = parked(_ -> {});
    String before = endpoint.everything();

    sweeper.park("chat");
    assertThat(endpoint.arn("queue")).isEqualTo("none");
    unparked();

    assertThat(sweeper.outcomes()).containsExactly("INTENT(UNPARK)", "SUCCEEDED(UNPARKED)");
    assertThat(endpoint.everything()).isEqualTo(before);
    assertThat(endpoint.alarm().path("AlarmActions").toString())
        .contains("people", endpoint.arn("queue"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void a_minimum_that_is_owed_while_the_endpoint_is_parked_is_in_the_snapshot(String scaleOut) {
    ScaledEndpoint endpoint = parked(_ -> {});
    String before = endpoint.everything();
    rig.mode("park-endpoint", "auto");
    rig.mode("scale-out", scaleOut);
    RestartEndpointStories.approving(rig);
    owe(endpoint);

    rig.remedy(
        "park-endpoint", "endpoint", "EndpointName", RestartEndpointStories.stateChange(rig, "x"));
    rig.time.advance(Duration.ofMinutes(40));
    unparked();

    assertThat(outcomes()).contains("SUCCEEDED(PARKED)", "SUCCEEDED(UNPARKED)");
    assertThat(endpoint.everything()).isEqualTo(before);
  }

  @Test
  void a_minimum_that_is_owed_while_the_endpoint_is_made_again_is_given_back_with_its_scaling() {
    ScaledEndpoint endpoint = scaled();
    String before = endpoint.everything();
    owe(endpoint);
    rig.cable.before(RESTART, "RestoreTarget", this::stop);
    fails();
    toldAgain();

    assertThat(outcomes()).contains("CRASHED(ABORTED)");
    assertThat(outcomes().getLast()).startsWith("SUCCEEDED");
    assertThat(endpoint.everything()).isEqualTo(before);
  }

  @Test
  void scaling_that_a_person_has_set_since_is_left_as_it_is() {
    ScaledEndpoint endpoint = scaled();
    rig.cable.before(RESTART, "RestoreTarget", this::stop);
    fails();
    endpoint.scale("RegisterScalableTarget", "'MinCapacity':3,'MaxCapacity':9}");
    String set = endpoint.everything();
    toldAgain();

    assertThat(outcomes().getLast()).startsWith("SUCCEEDED");
    assertThat(endpoint.everything()).isEqualTo(set);
    assertThat(rig.items("GOOD").getFirst().has("deleted")).isFalse();
  }

  @Test
  void the_plan_says_which_scaling_is_given_back() {
    scaled();
    rig.cable.before(RESTART, "RestoreTarget", this::stop);
    fails();

    assertThat(
            sweeper
                .plan("restart-endpoint", "endpoint", "chat")
                .output()
                .orElseThrow()
                .path("steps")
                .findValuesAsText("api"))
        .contains(
            "application-autoscaling:RegisterScalableTarget",
            "application-autoscaling:PutScalingPolicy");
  }

  @ParameterizedTest
  @CsvSource({"5,raised by a person since", "2,given back already"})
  void a_minimum_that_is_another_than_the_raised_one_stays(int minimum) {
    ScaledEndpoint endpoint = parked(_ -> {});
    owe(endpoint);
    endpoint.scale("RegisterScalableTarget", "'MinCapacity':%d}".formatted(minimum));
    rig.time.advance(Duration.ofMinutes(20));
    assertThat(
            sweeper
                .plan("park-endpoint", "endpoint", "chat")
                .output()
                .orElseThrow()
                .at("/snapshot/scaling/targets/0/MinCapacity")
                .asInt())
        .isEqualTo(minimum);
  }

  /** A run that ended has left the minimum at 4 instead of 2. */
  private void owe(ScaledEndpoint endpoint) {
    endpoint.scale("RegisterScalableTarget", "'MinCapacity':4}");
    rig.time.advance(Duration.ofMinutes(20));
    new QueuedEndpoint(rig).owed(2, 4);
  }

  @Test
  void what_can_no_longer_come_about_is_not_scheduled_again() {
    ScaledEndpoint endpoint =
        parked(each -> {
          each.schedule("past", "at(2026-03-04T08:00:00)", "");
          each.schedule("past-there", "at(2026-03-03T08:00:00)", "'Timezone':'Asia/Tokyo',");
          each.schedule("ended", "rate(1 day)", "'EndTime':'2026-03-05T00:00:00Z',");
        });
    sweeper.park("chat");
    rig.time.advance(Duration.ofDays(7));
    unparked();

    assertThat(sweeper.outcomes()).contains("SUCCEEDED(UNPARKED)");
    assertThat(endpoint.everything())
        .contains("\"mornings\"", "\"once\"")
        .doesNotContain("\"past", "\"ended");
  }

  @Test
  void a_snapshot_of_before_schedules_and_alarms_were_kept_is_still_good() {
    parked(_ -> {});
    sweeper.park("chat");
    ObjectNode snapshot =
        Rig.json(rig.items("PARKED").getFirst().at("/snapshot/S").asText().replace('\'', ' '));
    ((ObjectNode) snapshot.path("scaling")).remove(List.of("actions", "alarms"));
    ((ObjectNode) snapshot.at("/scaling/targets/0")).remove("SuspendedState");
    rig.put("PARKED", "endpoint/chat", Map.of("snapshot", Map.of("S", snapshot.toString())));
    unparked();
    assertThat(sweeper.outcomes()).contains("SUCCEEDED(UNPARKED)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "RegisterScalableTarget | 'MaxCapacity':5} | target endpoint/chat/variant/AllTraffic",
        "RegisterScalableTarget | 'SuspendedState':{'ScheduledScalingSuspended':false}} | target endpoint/chat",
        "DeleteScalingPolicy    | 'PolicyName':'requests'} | policy requests",
        "DeleteScalingPolicy    | 'PolicyName':'queue'} | policy queue, action of alarm weir-rem-scale-out-queue",
        "DeleteScheduledAction  | 'ScheduledActionName':'mornings'} | scheduled action mornings",
        "PutScheduledAction     | 'ScheduledActionName':'once','Schedule':'at(2028-01-01T00:00:00)'} | scheduled action once",
      })
  void what_is_missing_is_noticed_and_told(String operation, String members, String missing) {
    ScaledEndpoint endpoint = parked(_ -> {});
    sweeper.park("chat");
    rig.cable.before(UNPARK, "ReadTargets", () -> endpoint.scale(operation, members));
    unparked();

    assertThat(sweeper.outcomes()).contains("FAILED(SCALING_DIFFERS)");
    assertThat(
            rig.all("act-unpark-endpoint")
                .getLast()
                .output()
                .orElseThrow()
                .at("/cause/Cause")
                .asText())
        .startsWith("Missing: ")
        .contains(missing);
    assertThat(rig.items("PARKED")).hasSize(1);
  }

  @Test
  void a_plan_shows_the_scaling_that_is_given_back_step_by_step() {
    scaled();
    rig.put("chat", "{'EndpointStatus':'Failed'}");
    assertThat(planned())
        .startsWith(
            "sagemaker:DeleteEndpoint",
            "sagemaker:CreateEndpoint",
            "application-autoscaling:RegisterScalableTarget")
        .contains("application-autoscaling:PutScalingPolicy");
  }

  @Test
  void a_plan_shows_no_scaling_where_there_is_none() {
    rig.endpoint("chat", 2);
    rig.put("chat", "{'EndpointStatus':'Failed'}");
    assertThat(planned()).containsExactly("sagemaker:DeleteEndpoint", "sagemaker:CreateEndpoint");
  }

  private List<String> planned() {
    JsonNode plan = sweeper.plan("restart-endpoint", "endpoint", "chat").output().orElseThrow();
    return plan.path("steps").valueStream().map(step -> step.path("api").asText()).toList();
  }

  @Test
  void more_policies_than_one_page_holds_stop_the_plan() {
    parked(_ -> {});
    rig.cable.answer(
        "weir-act-park-endpoint",
        "ReadPolicy",
        Rig.json("{'ScalingPolicies':[],'NextToken':'more'}"));
    assertThat(sweeper.plan("park-endpoint", "endpoint", "chat").output().orElseThrow().toString())
        .contains("ESCALATE", "One page does not hold the policies");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Create",
        "RestoreTarget",
        "RestorePolicy",
        "RestoreSchedule",
        "ReadActing",
        "RestoreAlarm",
        "Restored",
        "Ask"
      })
  void wherever_a_run_is_stopped_the_next_one_gives_the_scaling_back(String state) {
    ScaledEndpoint endpoint = scaled();
    String before = endpoint.everything();
    rig.cable.before(RESTART, state, this::stop);
    fails();
    assertThat(outcomes()).contains("CRASHED(ABORTED)");

    toldAgain();

    assertThat(outcomes().getLast()).startsWith("SUCCEEDED");
    assertThat(endpoint.everything()).isEqualTo(before);
  }

  private void stop() {
    rig.all("guard").stream()
        .filter(guard -> guard.status() == ExecutionStatus.RUNNING)
        .forEach(guard ->
            rig.account
                .machines()
                .stopExecution(guard.executionArn(), Optional.empty(), Optional.of("by hand")));
  }

  @Test
  void an_endpoint_that_fails_again_before_it_served_gets_its_scaling_in_the_end() {
    ScaledEndpoint endpoint = scaled();
    String before = endpoint.everything();
    rig.world.add(new Fault(Course.NO_CAPACITY, "CreateEndpoint", "chat").times(1));
    fails();
    assertThat(outcomes()).endsWith("FAILED(ENDPOINT_FAILED)");
    assertThat(endpoint.arn("queue")).isEqualTo("none");

    toldAgain();

    assertThat(outcomes()).endsWith("SUCCEEDED(RECREATE)");
    assertThat(endpoint.everything()).isEqualTo(before);
  }

  @Test
  void an_alarm_that_may_not_be_changed_is_told_and_everything_else_is_there() {
    ScaledEndpoint endpoint = scaled();
    String arn = endpoint.arn("queue");
    rig.world.add(new Fault(CallFault.ACCESS_DENIED, "PutMetricAlarm", Fault.ANY));
    fails();

    assertThat(outcomes()).endsWith("FAILED(ALARM_NOT_RESTORED)");
    assertThat(endpoint.arn("queue")).isNotIn("none", arn);
    assertThat(endpoint.everything()).contains("\"mornings\"", "\"requests\"");
    assertThat(endpoint.alarm().path("AlarmActions")).hasSize(1);
    assertThat(rig.items("GOOD").getFirst().has("deleted")).isTrue();
  }

  @Test
  void an_alarm_that_may_not_be_changed_leaves_the_snapshot() {
    parked(_ -> {});
    sweeper.park("chat");
    rig.world.add(new Fault(CallFault.ACCESS_DENIED, "PutMetricAlarm", Fault.ANY));
    unparked();

    assertThat(sweeper.outcomes()).contains("FAILED(ALARM_NOT_RESTORED)");
    assertThat(rig.items("PARKED")).hasSize(1);
  }
}
