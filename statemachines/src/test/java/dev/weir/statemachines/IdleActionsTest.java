package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.states.ExecutionDescription;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Every way through the machines that the sweep's verdicts end in. */
final class IdleActionsTest {

  /** One thing that is stopped, as the world knows it. */
  private record Target(
      String action,
      Kind kind,
      String name,
      String statusMember,
      String running,
      String ended,
      String stop) {

    void put(Sweeper sweeper, String status) {
      sweeper.rig.world.put(kind, name, Rig.json("{'%s':'%s'}".formatted(statusMember, status)));
    }

    JsonNode planned(Sweeper sweeper) {
      return sweeper.plan(action, kind.path(), name).output().orElseThrow();
    }

    ExecutionDescription acted(Sweeper sweeper) {
      return sweeper.act(action, kind.path(), name, Rig.json("{}"));
    }

    Breaker breaker() {
      return new Breaker(
              "weir-act-" + action,
              rig ->
                  assertThat(rig.world.ledger())
                      .filteredOn(entry -> entry.isDone() && entry.operation().equals(stop))
                      .hasSizeLessThanOrEqualTo(1))
          .with(sweeper -> {
            put(sweeper, running);
            sweeper.plan(action, kind.path(), name);
          })
          .with(sweeper -> {
            put(sweeper, ended);
            sweeper.plan(action, kind.path(), name);
          })
          .with(sweeper -> sweeper.plan(action, kind.path(), name))
          .with(sweeper -> {
            put(sweeper, running);
            acted(sweeper);
          })
          .with(sweeper -> {
            put(sweeper, running);
            sweeper.rig.mode(action, "off");
            acted(sweeper);
          })
          .with(sweeper -> {
            put(sweeper, running);
            sweeper.rig.world.add(new Fault(Course.STUCK, stop, name));
            acted(sweeper);
          })
          .with(sweeper -> {
            put(sweeper, running);
            sweeper.stolen = true;
            acted(sweeper);
          });
    }
  }

  private static final Target NOTEBOOK =
      new Target(
          "stop-notebook",
          Kind.NOTEBOOK_INSTANCE,
          "lab",
          "NotebookInstanceStatus",
          "InService",
          "Stopped",
          "StopNotebookInstance");
  private static final Target APP =
      new Target(
          "delete-app",
          Kind.APP,
          "d-1/ann/KernelGateway/default",
          "Status",
          "InService",
          "Deleted",
          "DeleteApp");

  private static Target job(Kind kind) {
    return new Target(
        "stop-job",
        kind,
        "old",
        kind.statusMember(),
        "InProgress",
        "Stopped",
        "Stop" + kind.noun());
  }

  @Test
  void every_way_of_stopping_a_notebook_was_gone() {
    assertThat(NOTEBOOK.breaker().missed()).isEmpty();
  }

  @Test
  void every_way_of_deleting_an_app_was_gone() {
    assertThat(APP.breaker().missed()).isEmpty();
  }

  @Test
  void every_way_of_stopping_a_job_was_gone() {
    Breaker breaker = job(Kind.TRAINING_JOB).breaker();
    for (Kind kind : List.of(Kind.PROCESSING_JOB, Kind.TRANSFORM_JOB)) {
      Target target = job(kind);
      breaker.with(sweeper -> {
        target.put(sweeper, target.running());
        target.acted(sweeper);
      });
    }
    assertThat(breaker.missed()).isEmpty();
  }

  @Test
  void only_apps_whose_work_is_kept_are_deleted_without_asking() {
    for (String type : List.of("JupyterLab", "CodeEditor", "KernelGateway", "Canvas")) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      Target app =
          new Target(
              "delete-app",
              Kind.APP,
              "d-1/ann/" + type + "/default",
              "Status",
              "InService",
              "",
              "");
      app.put(sweeper, "InService");
      assertThat(app.planned(sweeper).path("approval").asBoolean())
          .isEqualTo(!type.equals("JupyterLab") && !type.equals("CodeEditor"));
    }
  }

  @Test
  void a_job_is_never_stopped_without_asking() {
    Sweeper sweeper = new Sweeper(new Rig(1));
    Target job = job(Kind.TRAINING_JOB);
    job.put(sweeper, "InProgress");
    assertThat(job.planned(sweeper).path("approval").asBoolean()).isTrue();
  }

  @Test
  void a_call_whose_reply_is_lost_is_not_made_twice() {
    for (Target target : List.of(NOTEBOOK, APP, job(Kind.TRANSFORM_JOB))) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      target.put(sweeper, target.running());
      sweeper.rig.world.add(new Fault(CallFault.LOST_REPLY, target.stop(), Fault.ANY).times(1));
      assertThat(target.acted(sweeper).output().orElseThrow().path("outcome").asText())
          .isEqualTo("SUCCEEDED");
      assertThat(sweeper.mutations(target.stop())).hasSize(1);
    }
  }

  @Test
  void what_changed_before_the_call_is_left_alone() {
    for (String status : List.of("Pending", "Updating", "Failed")) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      NOTEBOOK.put(sweeper, status);
      JsonNode output = NOTEBOOK.acted(sweeper).output().orElseThrow();
      assertThat(output.path("outcome").asText()).isEqualTo("ABANDONED");
      assertThat(output.path("reason").asText())
          .isEqualTo("CHANGED_TO_" + status.toUpperCase(Locale.ROOT));
      assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
    }
  }
}
