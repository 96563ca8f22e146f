package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Ledger;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SweepTest {
  private final Sweeper sweeper = new Sweeper(new Rig(1));
  private final Rig rig = sweeper.rig;

  private static void domain(Sweeper sweeper, String idleSettings) {
    sweeper.rig.world.put(
        Kind.DOMAIN,
        "d-1",
        Rig.json(
            "{'Status':'InService','DefaultUserSettings':{'JupyterLabAppSettings':{'AppLifecycleManagement':{'IdleSettings':{'LifecycleManagement':'%s'}}}}}"
                .formatted(idleSettings)));
  }

  private static void app(Sweeper sweeper, String owner, String type) {
    sweeper.rig.call(
        "CreateApp",
        "{'DomainId':'d-1',%s,'AppType':'%s','AppName':'default','ResourceSpec':{'InstanceType':'ml.t3.medium'}}"
            .formatted(owner, type));
  }

  private void approve() {
    rig.approver =
        ask ->
            rig.account
                .machines()
                .sendTaskSuccess(ask.path("token").asText(), "{\"approvedBy\":\"bob\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "ENABLED,  JupyterLab, false, 0, 0",
    "DISABLED, JupyterLab, false, 0, 1",
    "DISABLED, JupyterLab, true,  1, 0",
    "ENABLED,  KernelGateway, false, 0, 1",
    "ENABLED,  TensorBoard, true, 0, 0"
  })
  void an_app_is_judged_by_its_domain_or_its_heartbeat(
      String idleSettings, String type, boolean heartbeat, int warned, int unknown) {
    domain(sweeper, idleSettings);
    app(sweeper, "'UserProfileName':'ann'", type);
    rig.time.advance(Duration.ofHours(2));
    if (heartbeat) {
      sweeper.heartbeat("app", "d-1/ann/" + type + "/default", -1, -90, "");
    }

    JsonNode swept = sweeper.sweep("app");

    assertThat(swept.path("running").asInt()).isOne();
    assertThat(swept.path("warned").asInt()).isEqualTo(warned);
    assertThat(swept.path("unknown").asInt()).isEqualTo(unknown);
  }

  @ParameterizedTest
  @CsvSource({"JupyterLab, 'SpaceName', false", "KernelGateway, 'UserProfileName', true"})
  void an_idle_app_is_deleted_and_asked_about_where_its_work_may_be_lost(
      String type, String owner, boolean asked) {
    int[] asks = {0};
    approve();
    var answer = rig.approver;
    rig.approver =
        ask -> {
          asks[0]++;
          answer.accept(ask);
        };
    domain(sweeper, "DISABLED");
    app(sweeper, "'%s':'ann'".formatted(owner), type);
    rig.time.advance(Duration.ofHours(2));

    sweeper.sweepFor(
        "app",
        Duration.ofMinutes(90),
        () -> sweeper.heartbeat("app", "d-1/ann/" + type + "/default", -1, -90, ""));

    assertThat(sweeper.outcomes()).containsExactly("INTENT(QUIET)", "SUCCEEDED(DELETED)");
    assertThat(asks[0]).isEqualTo(asked ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRAINING_JOB", "PROCESSING_JOB", "TRANSFORM_JOB"})
  void a_job_that_runs_for_a_fortnight_is_stopped_once_a_person_agrees(Kind kind) {
    approve();
    rig.world.put(kind, "old", Rig.json("{'%s':'InProgress'}".formatted(kind.statusMember())));
    rig.time.advance(Duration.ofDays(13));
    assertThat(sweeper.sweep(kind.path()).path("warned").asInt()).isZero();
    rig.time.advance(Duration.ofDays(2));

    sweeper.sweepFor(kind.path(), Duration.ofMinutes(90), () -> {});

    assertThat(sweeper.outcomes()).containsExactly("INTENT(RUNS_LONG)", "SUCCEEDED(STOPPED)");
    assertThat(sweeper.mutations("Stop" + kind.noun())).hasSize(1);
  }

  /** The sweep itself changes nothing but what it remembers and measures. */
  private static void readOnly(Rig rig) {
    assertThat(
            rig.world.ledger().stream()
                .filter(entry -> entry.caller().startsWith("weir-sweep/"))
                .map(Ledger.Entry::operation)
                .distinct())
        .isSubsetOf("PutMetricData");
  }

  private static void idleNotebooks(Sweeper sweeper, int count) {
    for (int i = 0; i < count; i++) {
      sweeper.rig.world.put(
          Kind.NOTEBOOK_INSTANCE,
          "nb-" + i,
          Rig.json("{'NotebookInstanceStatus':'InService','InstanceType':'ml.t3.medium'}"));
    }
    sweeper.rig.time.advance(Duration.ofHours(2));
    for (int i = 0; i < count; i++) {
      sweeper.heartbeat("notebook-instance", "nb-" + i, -1, -90, "");
    }
  }

  private static void warned(Sweeper sweeper, String name) {
    sweeper.rig.put(
        "WARN",
        "notebook-instance/" + name,
        Map.of(
            "at",
            Map.of("S", sweeper.rig.time.instant().minus(Duration.ofMinutes(60)).toString())));
  }

  private static void run(Sweeper sweeper, String kind, int limit) {
    ObjectNode input = Sweeper.schedule(kind).put("limit", limit);
    sweeper.run("sweep", input);
    sweeper.rig.time.advance(Duration.ofMinutes(30));
  }

  @Test
  void every_way_of_the_sweep_was_gone() {
    Breaker breaker =
        new Breaker("weir-sweep", SweepTest::readOnly)
            .with(sweeper -> {
              idleNotebooks(sweeper, 3);
              warned(sweeper, "nb-0");
              warned(sweeper, "nb-1");
              sweeper.heartbeat("notebook-instance", "nb-1", -1, -1, "");
              run(sweeper, "notebook-instance", 20);
            })
            .with(sweeper -> {
              idleNotebooks(sweeper, 1);
              warned(sweeper, "nb-0");
              run(sweeper, "notebook-instance", 0);
              sweeper.heartbeat("notebook-instance", "nb-0", -1, -90, "");
              run(sweeper, "notebook-instance", 0);
            })
            .with(sweeper -> {
              domain(sweeper, "DISABLED");
              app(sweeper, "'SpaceName':'s'", "JupyterLab");
              sweeper.rig.time.advance(Duration.ofMinutes(30));
              run(sweeper, "app", 20);
            })
            .with(sweeper -> {
              sweeper.endpoint("chat", "dev");
              run(sweeper, "endpoint", 20);
            });
    for (Kind kind : new Kind[] {Kind.TRAINING_JOB, Kind.PROCESSING_JOB, Kind.TRANSFORM_JOB}) {
      breaker.with(sweeper -> {
        sweeper.rig.world.put(
            kind, "old", Rig.json("{'%s':'InProgress'}".formatted(kind.statusMember())));
        run(sweeper, kind.path(), 20);
      });
    }
    breaker.with(sweeper -> run(sweeper, "app", 20));
    breaker.with(sweeper -> {
      idleNotebooks(sweeper, 101);
      run(sweeper, "notebook-instance", 20);
    });
    assertThat(breaker.missed()).isEmpty();
  }

  @Test
  void more_than_can_be_looked_at_is_said() {
    idleNotebooks(sweeper, 301);

    assertThat(sweeper.sweep("notebook-instance").path("running").asInt()).isEqualTo(300);
    assertThat(rig.account.outbox().messages().getLast().text()).contains("300 run, and more");
  }
}
