package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the actions of the sweep's verdicts ask and change. */
final class IdleActionsTest {
  private static JsonNode planned(Sweeper sweeper, Idle what) {
    return sweeper.plan(what.action(), what.kind().path(), what.name()).output().orElseThrow();
  }

  private static JsonNode acted(Sweeper sweeper, Idle what) {
    return sweeper
        .act(what.action(), what.kind().path(), what.name(), Rig.json("{}"))
        .output()
        .orElseThrow();
  }

  @Test
  void only_apps_whose_work_is_kept_are_deleted_without_asking() {
    for (String type : List.of("JupyterLab", "CodeEditor", "KernelGateway", "Canvas")) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      Idle app = Idle.app(type);
      app.put(sweeper.rig, "InService");
      assertThat(planned(sweeper, app).path("approval").asBoolean())
          .isEqualTo(!type.equals("JupyterLab") && !type.equals("CodeEditor"));
    }
  }

  @Test
  void a_job_is_never_stopped_without_asking() {
    Sweeper sweeper = new Sweeper(new Rig(1));
    Idle job = Idle.job(Kind.TRAINING_JOB);
    job.put(sweeper.rig, job.running());
    assertThat(planned(sweeper, job).path("approval").asBoolean()).isTrue();
  }

  @Test
  void a_call_whose_reply_is_lost_is_not_made_twice() {
    for (Idle what :
        List.of(Idle.NOTEBOOK, Idle.app("KernelGateway"), Idle.job(Kind.TRANSFORM_JOB))) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      what.put(sweeper.rig, what.running());
      sweeper.rig.world.add(new Fault(CallFault.LOST_REPLY, what.stop(), Fault.ANY).times(1));
      assertThat(acted(sweeper, what).path("outcome").asText()).isEqualTo("SUCCEEDED");
      assertThat(sweeper.mutations(what.stop())).hasSize(1);
    }
  }

  @Test
  void what_changed_before_the_call_is_left_alone() {
    for (String status : List.of("Pending", "Updating", "Failed")) {
      Sweeper sweeper = new Sweeper(new Rig(1));
      Idle.NOTEBOOK.put(sweeper.rig, status);
      JsonNode output = acted(sweeper, Idle.NOTEBOOK);
      assertThat(output.path("outcome").asText()).isEqualTo("ABANDONED");
      assertThat(output.path("reason").asText())
          .isEqualTo("CHANGED_TO_" + status.toUpperCase(Locale.ROOT));
      assertThat(sweeper.mutations("StopNotebookInstance")).isEmpty();
    }
  }
}
