package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Alarms on the states of others, which CloudWatch tells of only if it is asked for them. */
final class CompositeAlarmsTest {
  private static final String NAMED = "{'alarms':['weir-sick'],'bakeMinutes':30}";

  private final Rig rig = new Rig(1);

  /** An alarm that is on while the endpoint's own is, and names the endpoint by a tag. */
  private static void composite(Rig rig, String name) {
    rig.call(
        Service.CLOUDWATCH,
        "PutCompositeAlarm",
        "{'AlarmName':'%s','AlarmRule':'ALARM(weir-errors-chat) AND NOT ALARM(weir-errors-other)','Tags':[{'Key':'remediation:target','Value':'chat'}]}"
            .formatted(name));
  }

  private void endpoint(String action) {
    rig.mode(action, "auto");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("weir-errors-chat", "chat");
    rig.errorsAlarm("weir-errors-other", "other");
    composite(rig, "weir-rem-" + action + "-sick");
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
  }

  @Test
  void an_endpoint_is_restarted_and_watched_until_it_is_off() {
    endpoint("restart-endpoint");
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
  }

  @Test
  void the_reconciler_reminds_of_one_that_was_not_heard_of() {
    rig.mail =
        event -> {
          if (!event.path("source").asText().equals("aws.cloudwatch")) {
            rig.publish(event);
          }
        };
    endpoint("restart-endpoint");
    rig.reconcileEvery(Duration.ofMinutes(5));
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).contains("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
  }

  @Test
  void a_rollback_is_good_when_it_is_off() {
    rig.mode("rollback-endpoint", "auto");
    Rig back =
        new Story(
                "",
                Duration.ofHours(2),
                all -> {
                  RollbackEndpointStories.released(all);
                  all.errorsAlarm("weir-errors-other", "other");
                  all.errorsAlarm("weir-errors-chat", "chat");
                  composite(all, "weir-rem-rollback-endpoint-sick");
                  all.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
                })
            .play(rig);
    assertThat(back.outcomes()).containsExactly("INTENT(ROLLBACK)", "SUCCEEDED(ROLLBACK)");
  }

  @Test
  void one_that_is_on_keeps_a_release_back() {
    Releases.deploy(
            "",
            NAMED,
            all -> {
              named(all);
              Releases.failing(all);
              all.time.advance(Duration.ofMinutes(4));
            })
        .refused("ALREADY_IN_ALARM")
        .play(rig);
    assertThat(rig.outcomes()).containsExactly("ESCALATED(ALREADY_IN_ALARM)");
  }

  @Test
  void one_that_stays_off_lets_a_release_bake() {
    Releases.deploy("", NAMED, CompositeAlarmsTest::named).ends("").play(rig);
    assertThat(rig.outcomes()).startsWith("INTENT(DEPLOY)", "SUCCEEDED(CANARY)");
  }

  @Test
  void one_that_comes_in_the_bake_undoes_a_release() {
    Releases.deploy(
            "",
            NAMED,
            all -> {
              named(all);
              all.time.after(Duration.ofMinutes(20), () -> Releases.failing(all));
            })
        .ends("")
        .play(rig);
    assertThat(rig.outcomes()).containsExactly("INTENT(DEPLOY)", "ROLLED_BACK(ALARM_IN_BAKE)");
  }

  private static void named(Rig rig) {
    rig.errorsAlarm("weir-errors-other", "other");
    composite(rig, "weir-sick");
  }
}
