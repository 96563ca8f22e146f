package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepNotebooksTest {
  private static final String KIND = "notebook-instance";
  private static final String ANN = "{'Key':'Owner','Value':'ann'}";

  private final Sweeper sweeper = new Sweeper(new Rig(1));
  private final Rig rig = sweeper.rig;

  /** In service for two hours. */
  private void notebook(String tags) {
    sweeper.notebook("lab", tags);
    rig.time.advance(Duration.ofHours(2));
  }

  private void quiet() {
    sweeper.heartbeat(KIND, "lab", -1, -90, "");
  }

  private String status() {
    return sweeper.status(
        "NotebookInstance", "{'NotebookInstanceName':'lab'}", "NotebookInstanceStatus");
  }

  private List<String> messages(String about) {
    return rig.account.outbox().messages().stream()
        .filter(message -> message.subject().contains(about))
        .map(Outbox.Message::text)
        .toList();
  }

  @Test
  void a_notebook_nobody_uses_is_stopped_after_its_owner_was_warned() {
    notebook(ANN);

    sweeper.sweepFor(KIND, Duration.ofMinutes(60), this::quiet);

    assertThat(messages("not used"))
        .singleElement()
        .asString()
        .contains("lab: IDLE QUIET", "ann", "0.05 USD/h");
    assertThat(status()).isEqualTo("InService");
    assertThat(sweeper.outcomes()).isEmpty();

    sweeper.sweepFor(KIND, Duration.ofMinutes(30), this::quiet);

    assertThat(sweeper.outcomes()).containsExactly("INTENT(QUIET)", "SUCCEEDED(STOPPED)");
    assertThat(status()).isEqualTo("Stopped");
    assertThat(messages("not used")).hasSize(1);
  }

  @Test
  void whoever_comes_back_within_the_grace_keeps_it_and_is_warned_anew() {
    notebook(ANN);
    sweeper.sweepFor(KIND, Duration.ofMinutes(45), this::quiet);

    sweeper.sweepFor(
        KIND, Duration.ofMinutes(15), () -> sweeper.heartbeat(KIND, "lab", -1, -5, ""));

    assertThat(rig.items("WARN")).isEmpty();
    sweeper.sweepFor(KIND, Duration.ofMinutes(45), this::quiet);
    assertThat(status()).isEqualTo("InService");
    assertThat(messages("not used")).hasSize(2);
  }

  @Test
  void a_warning_of_an_earlier_run_does_not_count() {
    notebook(ANN);
    sweeper.sweepFor(KIND, Duration.ofMinutes(15), this::quiet);
    rig.call("StopNotebookInstance", "{'NotebookInstanceName':'lab'}");
    rig.time.advance(Duration.ofHours(10));
    rig.call("StartNotebookInstance", "{'NotebookInstanceName':'lab'}");
    rig.time.advance(Duration.ofHours(2));

    sweeper.sweepFor(KIND, Duration.ofMinutes(30), this::quiet);

    assertThat(status()).isEqualTo("InService");
    assertThat(messages("not used")).hasSize(2);
  }

  // Minutes from now: when the heartbeat was written, when somebody was active.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "busy kernel                | -1 | -90 | busyKernels 1   | 0 | 0",
        "busy terminal              | -1 |  -5 | terminals 1     | 0 | 0",
        "GPU busy with idle kernel  | -1 | -90 | gpuPercent 40   | 0 | 0",
        "nobody                     | -1 | -90 | gpuPercent 2    | 1 | 0",
        "heartbeat missing          | -40 | -90 |                  | 0 | 1",
        "clock 10 minutes ahead     | 9  | -80 |                   | 1 | 0",
        "clock 10 minutes behind    | -11 | -100 |                 | 1 | 0",
        "clock ahead, in use        | 9  | 5   |                   | 0 | 0",
        "clock behind, in use       | -11 | -20 |                  | 0 | 0"
      })
  void what_a_heartbeat_says_decides(
      String what, int at, int active, String more, int warned, int unknown) {
    notebook(ANN);
    sweeper.heartbeat(
        KIND,
        "lab",
        at,
        active,
        more == null ? "" : "'%s':%s".formatted((Object[]) more.split(" ")));

    JsonNode swept = sweeper.sweep(KIND);

    assertThat(swept.path("warned").asInt()).isEqualTo(warned);
    assertThat(swept.path("unknown").asInt()).isEqualTo(unknown);
  }

  @Test
  void a_notebook_that_was_never_opened_counts_from_its_start() {
    notebook(ANN);
    rig.put("HEARTBEAT", KIND + "/lab", Map.of("at", Map.of("S", rig.time.instant().toString())));

    assertThat(sweeper.sweep(KIND).path("warned").asInt()).isOne();
    assertThat(messages("not used").getFirst()).contains("UNOPENED");
  }

  @Test
  void what_cannot_be_said_is_told_once_a_day_and_never_acted_on() {
    notebook("");

    sweeper.sweepFor(KIND, Duration.ofHours(30), () -> {});

    assertThat(messages("what runs today"))
        .hasSize(2)
        .allSatisfy(
            text -> assertThat(text).contains("lab: UNKNOWN HEARTBEAT_MISSING", "untagged"));
    assertThat(status()).isEqualTo("InService");
    assertThat(sweeper.outcomes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Stopped", "Stopping", "Updating", "Pending"})
  void what_changes_between_list_and_plan_is_left_alone(String other) {
    notebook(ANN);
    sweeper.sweepFor(KIND, Duration.ofMinutes(60), this::quiet);
    sweeper.meanwhile =
        () ->
            rig.world.put(
                Kind.NOTEBOOK_INSTANCE,
                "lab",
                Rig.json("{'NotebookInstanceStatus':'%s'}".formatted(other)));

    sweeper.sweepFor(KIND, Duration.ofMinutes(15), this::quiet);

    assertThat(sweeper.outcomes()).containsExactly("SUPPRESSED(NOT_IN_SERVICE)");
    assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
  }

  @Test
  void who_works_again_while_a_person_is_asked_is_not_stopped() {
    rig.mode("stop-notebook", "approve");
    rig.approver =
        ask -> {
          sweeper.heartbeat(KIND, "lab", -1, -1, "");
          rig.account
              .machines()
              .sendTaskSuccess(ask.path("token").asText(), "{\"approvedBy\":\"bob\"}");
        };
    notebook(ANN);

    sweeper.sweepFor(KIND, Duration.ofMinutes(75), this::quiet);

    assertThat(sweeper.outcomes()).containsExactly("ESCALATED(CHANGED)");
    assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"remediation:exclude", "remediation:protected"})
  void what_is_protected_is_neither_warned_of_nor_stopped(String tag) {
    notebook("{'Key':'%s','Value':'true'}".formatted(tag));

    sweeper.sweepFor(KIND, Duration.ofMinutes(120), this::quiet);

    assertThat(messages("not used")).isEmpty();
    assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
  }

  @Test
  void a_switch_that_is_off_warns_nobody() {
    rig.mode("stop-notebook", "off");
    notebook(ANN);

    sweeper.sweepFor(KIND, Duration.ofMinutes(120), this::quiet);

    assertThat(messages("not used")).isEmpty();
    assertThat(messages("what runs today")).hasSize(1);
    assertThat(sweeper.outcomes()).isEmpty();
  }

  @Test
  void two_hundred_at_once_are_one_escalation_and_no_action() {
    fleet(200);

    sweeper.sweepFor(KIND, Duration.ofMinutes(90), this::allQuiet);

    assertThat(sweeper.outcomes()).isEmpty();
    assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
    assertThat(messages("OVER_LIMIT"))
        .singleElement()
        .asString()
        .contains("200 are idle at once", "nb-000", "nb-199");
    assertThat(messages("not used")).hasSize(1);
  }

  private void fleet(int size) {
    for (int i = 0; i < size; i++) {
      sweeper.notebook("nb-%03d".formatted(i), ANN);
    }
    rig.time.advance(Duration.ofHours(2));
  }

  private void allQuiet() {
    rig.call("ListNotebookInstances", "{'MaxResults':100}");
    for (int i = 0; i < 200; i++) {
      sweeper.heartbeat(KIND, "nb-%03d".formatted(i), -1, -90, "");
    }
  }

  @Test
  void when_half_of_all_calls_are_throttled_all_are_stopped_in_the_end_and_each_once() {
    fleet(10);
    rig.world.add(new Fault(CallFault.THROTTLED, Fault.ANY, Fault.ANY).share(0.5));

    sweeper.sweepFor(
        KIND,
        Duration.ofHours(4),
        () -> {
          for (int i = 0; i < 10; i++) {
            sweeper.heartbeat(KIND, "nb-%03d".formatted(i), -1, -90, "");
          }
        });

    assertThat(sweeper.mutations("StopNotebookInstance")).hasSize(10).doesNotHaveDuplicates();
    assertThat(sweeper.outcomes()).filteredOn(Predicate.isEqual("SUCCEEDED(STOPPED)")).hasSize(10);
  }

  @Test
  void what_cannot_be_looked_at_is_told_and_the_others_are_judged() {
    fleet(3);
    for (int i = 0; i < 3; i++) {
      sweeper.heartbeat(KIND, "nb-%03d".formatted(i), -1, -90, "");
    }
    rig.cable.fail(
        call -> call.arguments().path("ResourceArn").asText().endsWith("nb-001"),
        Integer.MAX_VALUE,
        "SageMaker.SageMakerException",
        "User is not authorized (Service: SageMaker, Status Code: 400)");

    JsonNode swept = sweeper.sweep(KIND);

    assertThat(swept.path("warned").asInt()).isEqualTo(2);
    assertThat(swept.path("unknown").asInt()).isOne();
    assertThat(messages("what runs today").getFirst()).contains("nb-001: UNKNOWN UNREADABLE");
  }

  // 2026-03-02 is a Monday; the rig begins at 8:00 UTC.
  @Test
  void off_hours_stop_at_the_evening_and_leave_alone_what_is_started_after_it() {
    notebook(ANN + ",{'Key':'offhours','Value':'M-F 19-7 UTC'}");
    Runnable used = () -> sweeper.heartbeat(KIND, "lab", -1, -2, "");

    sweeper.sweepFor(KIND, Duration.ofHours(9), used);
    assertThat(status()).isEqualTo("InService");
    sweeper.sweepFor(KIND, Duration.ofMinutes(15), used);

    assertThat(sweeper.outcomes()).containsExactly("INTENT(OFF_HOURS)", "SUCCEEDED(STOPPED)");
    rig.call("StartNotebookInstance", "{'NotebookInstanceName':'lab'}");
    rig.time.advance(Duration.ofMinutes(10));
    sweeper.sweepFor(KIND, Duration.ofHours(10), used);
    assertThat(status()).isEqualTo("InService");
    assertThat(messages("not used")).isEmpty();
  }

  @Test
  void a_pause_is_honoured_to_the_minute() {
    notebook(
        "{'Key':'offhours','Value':'M-F 19-7"
            + " UTC'},{'Key':'remediation:pause-until','Value':'2026-03-02T20:59:00Z'}");

    sweeper.sweepFor(KIND, Duration.ofHours(11), () -> {});
    assertThat(sweeper.outcomes()).isEmpty();
    sweeper.sweepFor(KIND, Duration.ofMinutes(15), () -> {});

    assertThat(sweeper.outcomes()).containsExactly("INTENT(OFF_HOURS)", "SUCCEEDED(STOPPED)");
  }
}
