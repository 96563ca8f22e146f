package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepEndpointsTest {
  private static final String KIND = "endpoint";
  private static final Duration AGE = Duration.ofDays(8);

  private final Sweeper sweeper = new Sweeper(new Rig(1));
  private final Rig rig = sweeper.rig;

  private void endpoint(String env) {
    sweeper.endpoint("chat", env);
  }

  private String status() {
    return sweeper.status("Endpoint", "{'EndpointName':'chat'}", "EndpointStatus");
  }

  private JsonNode scaling(String operation, String member) {
    return rig.call(Service.AUTO_SCALING, operation, "{'ServiceNamespace':'sagemaker'}")
        .path(member);
  }

  @Test
  void one_without_requests_while_its_cpu_is_reported_is_parked_and_comes_back_as_it_was() {
    endpoint("dev");
    rig.time.advance(AGE);
    JsonNode targets = scaling("DescribeScalableTargets", "ScalableTargets").deepCopy();
    JsonNode policies = scaling("DescribeScalingPolicies", "ScalingPolicies").deepCopy();

    sweeper.sweepFor(KIND, Duration.ofMinutes(75), () -> {});

    assertThat(sweeper.outcomes()).containsExactly("INTENT(NO_REQUESTS)", "SUCCEEDED(PARKED)");
    assertThat(rig.call("ListEndpoints", "{}").path("Endpoints")).isEmpty();
    assertThat(rig.items("PARKED")).hasSize(1);

    sweeper.unpark("chat");
    rig.time.advance(Duration.ofMinutes(30));

    assertThat(sweeper.outcomes()).endsWith("INTENT(UNPARK)", "SUCCEEDED(UNPARKED)");
    assertThat(status()).isEqualTo("InService");
    assertThat(scaling("DescribeScalableTargets", "ScalableTargets"))
        .usingElementComparator((a, b) -> sameBut(a, b, "CreationTime", "ScalableTargetARN"))
        .containsExactlyElementsOf(targets);
    assertThat(scaling("DescribeScalingPolicies", "ScalingPolicies"))
        .usingElementComparator((a, b) -> sameBut(a, b, "CreationTime", "PolicyARN", "Alarms"))
        .containsExactlyElementsOf(policies);
    assertThat(
            rig.call(
                    "ListTags",
                    "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat'}")
                .toString())
        .contains("env", "dev");
    assertThat(rig.items("PARKED")).isEmpty();
  }

  private static int sameBut(JsonNode a, JsonNode b, String... members) {
    var one = (ObjectNode) a.deepCopy();
    var two = (ObjectNode) b.deepCopy();
    one.remove(List.of(members));
    two.remove(List.of(members));
    return one.equals(two) ? 0 : 1;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no request,          dev,  0, 8, 1, 0",
    "one request a day,   dev,  1, 8, 0, 0",
    "5 minutes old,       dev,  0, 0, 0, 0",
    "production,          prod, 0, 8, 0, 0"
  })
  void metrics_age_and_tag_decide(
      String what, String env, int perDay, int days, int warned, int unknown) {
    endpoint(env);
    for (int day = 0; day < days; day++) {
      for (int i = 0; i < perDay; i++) {
        rig.world.invoke("chat");
      }
      rig.time.advance(Duration.ofDays(1));
    }

    JsonNode swept = sweeper.sweep(KIND);

    assertThat(swept.path("warned").asInt()).isEqualTo(warned);
    assertThat(swept.path("unknown").asInt()).isEqualTo(unknown);
  }

  @Test
  void both_metrics_missing_are_an_outage_and_not_idleness() {
    endpoint("dev");
    rig.world.add(new Fault(Condition.METRICS_MISSING, Fault.ANY, "chat"));
    rig.time.advance(AGE);

    sweeper.sweepFor(KIND, Duration.ofHours(30), () -> {});

    assertThat(sweeper.sweep(KIND).path("unknown").asInt()).isOne();
    assertThat(sweeper.outcomes()).isEmpty();
    assertThat(status()).isEqualTo("InService");
  }

  @Test
  void of_one_that_cannot_be_parked_people_are_told_once_for_each_idleness() {
    endpoint("dev");
    rig.call("DeleteModel", "{'ModelName':'chat-model'}");
    rig.time.advance(AGE);

    sweeper.sweepFor(KIND, Duration.ofHours(6), () -> {});

    assertThat(sweeper.outcomes().stream().distinct())
        .containsExactlyInAnyOrder("ESCALATED(PART_MISSING)", "SUPPRESSED(COOLDOWN)");
    assertThat(rig.items("WRITTEN")).filteredOn(row -> row.toString().contains("park")).hasSize(1);
    assertThat(rig.all("escalate")).hasSize(1);
  }

  @Test
  void another_stacks_endpoint_is_reported_and_left() {
    sweeper.endpoint("other", "dev");
    rig.time.advance(AGE);

    sweeper.sweepFor(KIND, Duration.ofHours(3), () -> {});

    assertThat(sweeper.outcomes()).isEmpty();
    JsonNode swept = sweeper.sweep(KIND);
    assertThat(swept.path("running").asInt()).isOne();
    assertThat(swept.path("due").asInt()).isZero();
    assertThat(rig.account.outbox().messages())
        .last()
        .extracting(Outbox.Message::text)
        .asString()
        .contains("other: IDLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod", "protected", "updating"})
  void what_became_precious_or_busy_before_the_act_is_never_deleted(String change) {
    endpoint("dev");
    JsonNode plan = sweeper.plan("park-endpoint", KIND, "chat").output().orElseThrow();
    String arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat";
    switch (change) {
      case "prod" ->
          rig.call(
              "AddTags",
              "{'ResourceArn':'%s','Tags':[{'Key':'env','Value':'prod'}]}".formatted(arn));
      case "protected" ->
          rig.call(
              "AddTags",
              "{'ResourceArn':'%s','Tags':[{'Key':'remediation:protected','Value':'true'}]}"
                  .formatted(arn));
      default -> rig.world.put(Kind.ENDPOINT, "chat", Rig.json("{'EndpointStatus':'Updating'}"));
    }

    JsonNode acted = sweeper.act("park-endpoint", KIND, "chat", plan).output().orElseThrow();

    assertThat(acted.path("outcome").asText()).isEqualTo("ABANDONED");
    assertThat(sweeper.mutations("DeleteEndpoint")).isEmpty();
  }

  @Test
  void one_that_goes_while_its_tags_are_read_is_parked() {
    endpoint("dev");
    JsonNode plan = sweeper.plan("park-endpoint", "endpoint", "chat").output().orElseThrow();
    rig.cable.fail(
        call ->
            call.arguments().path("ResourceArn").asText().endsWith("endpoint/chat")
                && !sweeper.mutations("DeleteEndpoint").isEmpty(),
        1,
        "SageMaker.SageMakerException",
        "Could not find the resource \"endpoint/chat\". (Service: SageMaker, Status Code: 400)");

    JsonNode end = sweeper.act("park-endpoint", "endpoint", "chat", plan).output().orElseThrow();
    assertThat(end.path("reason").asText()).isEqualTo("PARKED");
  }

  @Test
  void a_lost_reply_parks_once_and_creates_once() {
    endpoint("dev");
    for (String operation :
        new String[] {"DeleteEndpoint", "CreateEndpoint", "RegisterScalableTarget"}) {
      rig.world.add(new Fault(CallFault.LOST_REPLY, operation, Fault.ANY).times(1));
    }
    sweeper.park("chat");
    sweeper.unpark("chat");
    rig.time.advance(Duration.ofMinutes(40));

    assertThat(sweeper.outcomes()).contains("SUCCEEDED(UNPARKED)");
    assertThat(sweeper.mutations("DeleteEndpoint")).hasSize(1);
    assertThat(sweeper.mutations("CreateEndpoint")).hasSize(2);
  }
}
