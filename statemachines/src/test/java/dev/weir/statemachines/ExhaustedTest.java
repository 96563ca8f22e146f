package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.account.Outbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of an endpoint that fails again once its attempts are used up. */
final class ExhaustedTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String LEFT_ALONE = "Nothing is done about this until 2026-03-03T08:";

  private final Rig rig = new Rig(1);

  @Test
  void a_new_failure_is_told_once_however_often_the_reconciler_asks() {
    exhausted();
    fails();
    assertThat(onCall()).filteredOn(text -> text.contains(LEFT_ALONE)).hasSize(1);
    assertThat(onCall()).as("with the one before").hasSize(2);
    assertThat(rig.outcomes()).contains("SUPPRESSED(COOLDOWN)").doesNotContain("INTENT(REPLACE)");

    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60,'errorShare':0}"));
    rig.time.advance(MINUTE.multipliedBy(20));
    fails();
    assertThat(onCall()).as("and the one after").hasSize(3);
    new Invariants(rig).hold();
  }

  @Test
  void what_is_still_failing_is_not_told_again() {
    tried();
    rig.time.advance(Duration.ofHours(3));
    assertThat(onCall()).hasSize(1);
  }

  @Test
  void another_alarm_of_the_endpoint_is_a_new_failure() {
    exhausted();
    rig.errorsAlarm("weir-rem-restart-endpoint-more-chat", "chat");
    fails();
    assertThat(onCall()).filteredOn(text -> text.contains(LEFT_ALONE)).hasSize(1);
  }

  @Test
  void of_one_that_is_excluded_by_then_nobody_is_told() {
    exhausted();
    GuardStories.tag(rig, "remediation:exclude", "true");
    fails();
    assertThat(onCall()).hasSize(1);
    assertThat(rig.outcomes()).contains("SUPPRESSED(EXCLUDED)");
  }

  @Test
  void the_cooldown_after_an_attempt_stays_silent_though_it_was_the_last() {
    limit(1);
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60,'errorShare':1}"));
    rig.reconcileEvery(MINUTE.multipliedBy(5));
    while (!rig.outcomes().contains("ROLLED_BACK(STILL_IN_ALARM)")) {
      rig.time.advance(MINUTE);
    }
    rig.errorsAlarm("weir-rem-restart-endpoint-more-chat", "chat");
    rig.time.advance(MINUTE.multipliedBy(13));
    assertThat(rig.outcomes())
        .contains("SUPPRESSED(COOLDOWN)")
        .doesNotContain("ESCALATED(EXHAUSTED)");
    rig.time.advance(MINUTE.multipliedBy(60));
    assertThat(rig.outcomes()).contains("ESCALATED(EXHAUSTED)");
  }

  @Test
  void what_is_asked_for_by_hand_or_by_schedule_is_no_failure() {
    exhausted();
    for (String type : List.of("Remediation Requested", "Idle Resource")) {
      rig.remedy(
          "restart-endpoint",
          "endpoint",
          "EndpointName",
          Rig.json(
              "{'source':'test','detail-type':'%s','time':'%s','detail':{'target':'chat'}}"
                  .formatted(type, rig.time.instant())));
      rig.time.advance(MINUTE.multipliedBy(3));
    }
    assertThat(onCall()).hasSize(1);
  }

  /** An endpoint that has failed, may not be tried, and is well again. */
  private void exhausted() {
    tried();
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60,'errorShare':0}"));
    rig.time.advance(MINUTE.multipliedBy(20));
  }

  private void tried() {
    limit(0);
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
    rig.reconcileEvery(MINUTE.multipliedBy(5));
    fails();
    assertThat(rig.outcomes()).contains("ESCALATED(EXHAUSTED)");
  }

  private void fails() {
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60,'errorShare':1}"));
    rig.time.advance(MINUTE.multipliedBy(40));
  }

  private void limit(int attempts) {
    rig.put(
        "CONFIG",
        "restart-endpoint",
        Map.of("mode", Map.of("S", "auto"), "attempts", Map.of("N", "" + attempts)));
  }

  /** What those on call were told. */
  private List<String> onCall() {
    return rig.account.outbox().messages().stream()
        .filter(message -> message.subject().startsWith("Weir CRITICAL:"))
        .map(Outbox.Message::text)
        .toList();
  }
}
