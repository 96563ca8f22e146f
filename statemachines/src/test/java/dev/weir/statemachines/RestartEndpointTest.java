package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestartEndpointTest {
  private final Rig rig = new Rig(1);

  @BeforeEach
  void an_endpoint_with_its_alarm() {
    rig.mode("restart-endpoint", "auto");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
  }

  @Test
  void an_endpoint_that_fails_is_put_on_fresh_instances_and_verified() {
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
    assertThat(rig.account.outbox().messages()).isEmpty();
  }

  @Test
  void an_endpoint_that_is_made_again_has_its_own_tags() {
    String arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat";
    rig.call(
        "AddTags", "{'ResourceArn':'%s','Tags':[{'Key':'env','Value':'prod'}]}".formatted(arn));
    RestartEndpointStories.approving(rig);
    rig.put("chat", "{'EndpointStatus':'Failed'}");
    rig.remedy(
        "restart-endpoint",
        "endpoint",
        "EndpointName",
        RestartEndpointStories.stateChange(rig, "FAILED"));
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).contains("SUCCEEDED(RECREATE)");
    assertThat(rig.call("ListTags", "{'ResourceArn':'%s'}".formatted(arn)).path("Tags").toString())
        .contains("prod");
  }
}
