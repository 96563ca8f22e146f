package dev.weir.statemachines;

import java.time.Duration;
import java.util.stream.Stream;

/** Scale out as all machines play it; the rest is told by {@link ScaleOutTest}. */
final class ScaleOutStories {
  private ScaleOutStories() {}

  static Stream<Story> all() {
    return Stream.of(
        new Story(
            "a queue of 150",
            Duration.ofHours(2),
            rig -> new QueuedEndpoint(rig).bounds(2, 6).remediationAlarm().queue(150, 20),
            "INTENT(RAISE_MIN)",
            "SUCCEEDED(SCALED_OUT)"),
        new Story(
            "a minimum that is owed",
            Duration.ofMinutes(20),
            rig -> {
              new QueuedEndpoint(rig).bounds(2, 6).owed();
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "INTENT(RESTORE_MIN)",
            "SUCCEEDED(RESTORE_MIN)"));
  }
}
