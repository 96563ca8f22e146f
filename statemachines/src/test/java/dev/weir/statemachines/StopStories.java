package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.state.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A notebook, an app and jobs that nobody uses any more. */
final class StopStories {
  private StopStories() {}

  static Stream<Story> all() {
    return Stream.concat(
        Stream.of(Idle.NOTEBOOK, Idle.app("KernelGateway"), Idle.job(Kind.TRAINING_JOB))
            .flatMap(StopStories::about),
        Stream.of(Idle.job(Kind.PROCESSING_JOB), Idle.job(Kind.TRANSFORM_JOB))
            .map(StopStories::stopped));
  }

  private static Stream<Story> about(Idle what) {
    String notRunning = what.action().equals("stop-job") ? "NOT_RUNNING" : "NOT_IN_SERVICE";
    return Stream.of(
        stopped(what),
        told("ended by itself", what, rig -> what.put(rig, what.ended()))
            .instead("SUPPRESSED(" + notRunning + ")"),
        told("gone", what, _ -> {}).instead("SUPPRESSED(" + notRunning + ")"),
        running("never ends", what, rig -> stuck(rig, what))
            .ends("FAILED(STUCK_" + (what.kind() == Kind.APP ? "DELETING)" : "STOPPING)")),
        running(
                "switched off",
                what,
                rig -> beforeAct(rig, what, () -> rig.mode(what.action(), "off")))
            .ends("FAILED(SWITCHED_OFF)"),
        running("the lease goes", what, rig -> beforeAct(rig, what, () -> taken(rig, what)))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"));
  }

  private static Story stopped(Idle what) {
    return running("stopped", what, _ -> {})
        .ends("SUCCEEDED(" + what.ended().toUpperCase(Locale.ROOT) + ")");
  }

  private static Story.Begun running(String name, Idle what, Consumer<Rig> given) {
    return told(
        name,
        what,
        rig -> {
          what.put(rig, what.running());
          given.accept(rig);
        });
  }

  private static Story.Begun told(String name, Idle what, Consumer<Rig> given) {
    return new Story.Begun(
        what.kind().path() + ": " + name,
        "QUIET",
        rig -> {
          rig.mode(what.action(), "auto");
          rig.approver = request -> GuardStories.approve(rig, request);
          given.accept(rig);
          what.found(rig);
        });
  }

  private static void stuck(Rig rig, Idle what) {
    rig.world.add(new Fault(Course.STUCK, what.stop(), what.name()));
  }

  private static void beforeAct(Rig rig, Idle what, Runnable then) {
    rig.cable.before("weir-act-" + what.action(), "Beat", then);
  }

  private static void taken(Rig rig, Idle what) {
    rig.put(
        "LOCK",
        what.kind().path() + "/" + what.name(),
        Map.of("owner", Map.of("S", "another"), "fence", Map.of("N", "99")));
  }
}
