package dev.weir.statemachines;

import dev.weir.local.sagemaker.state.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the sweep finds, and what becomes of it. */
final class SweepStories {
  private static final String NOTEBOOK = Kind.NOTEBOOK_INSTANCE.path();
  private static final String REPORTED = "REPORTED(DAILY)";

  private SweepStories() {}

  static Stream<Story> all() {
    return Stream.concat(
        found().stream(),
        Stream.of(Kind.TRAINING_JOB, Kind.PROCESSING_JOB, Kind.TRANSFORM_JOB)
            .map(SweepStories::job));
  }

  private static List<Story> found() {
    return List.of(
        swept(
            "one idle still, one idle now, one in use again",
            sweeper -> {
              sweeper.idleNotebooks(3);
              sweeper.warned(NOTEBOOK, "nb-0");
              sweeper.warned(NOTEBOOK, "nb-1");
              sweeper.heartbeat(NOTEBOOK, "nb-1", -1, -1, "");
              sweep(sweeper, NOTEBOOK, 20);
            },
            REPORTED,
            "INTENT(QUIET)",
            "SUCCEEDED(STOPPED)"),
        swept(
            "more idle than may be, twice",
            sweeper -> {
              sweeper.idleNotebooks(1);
              sweeper.warned(NOTEBOOK, "nb-0");
              sweep(sweeper, NOTEBOOK, 0);
              sweeper.rig.time.advance(Duration.ofMinutes(15));
              sweeper.heartbeat(NOTEBOOK, "nb-0", -1, -90, "");
              sweep(sweeper, NOTEBOOK, 0);
            },
            REPORTED),
        swept(
            "an app",
            sweeper -> {
              sweeper.domain("DISABLED");
              sweeper.app("'SpaceName':'s'", "JupyterLab");
              sweeper.rig.time.advance(Duration.ofMinutes(30));
              sweep(sweeper, Kind.APP.path(), 20);
            },
            REPORTED),
        swept(
            "an endpoint",
            sweeper -> {
              sweeper.endpoint("chat", "dev");
              sweep(sweeper, Kind.ENDPOINT.path(), 20);
            },
            REPORTED),
        swept("nothing runs", sweeper -> sweep(sweeper, Kind.APP.path(), 20)),
        swept(
            "notebooks of two pages",
            sweeper -> {
              sweeper.idleNotebooks(101);
              sweep(sweeper, NOTEBOOK, 20);
            },
            REPORTED));
  }

  /** One that has run for a fortnight; a person agrees to its stop. */
  private static Story job(Kind kind) {
    return swept(
        kind.path() + " for a fortnight",
        sweeper -> {
          Idle job = Idle.job(kind);
          job.put(sweeper.rig, job.running());
          sweeper.rig.time.advance(Duration.ofDays(15));
          sweeper.rig.approver = request -> GuardStories.approve(sweeper.rig, request);
          sweeper.warned(kind.path(), job.name());
          sweep(sweeper, kind.path(), 20);
        },
        REPORTED,
        "INTENT(RUNS_LONG)",
        "SUCCEEDED(STOPPED)");
  }

  private static Story swept(String name, Consumer<Sweeper> told, String... rows) {
    return new Story(name, Duration.ofHours(2), rig -> told.accept(new Sweeper(rig)), rows);
  }

  private static void sweep(Sweeper sweeper, String kind, int limit) {
    sweeper.rig.start("sweep", Sweeper.schedule(kind).put("limit", limit));
  }
}
