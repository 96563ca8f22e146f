package dev.weir.statemachines;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Something that happens to an account.
 *
 * @param time how long it is watched
 */
record Scenario(String name, Duration time, Consumer<Rig> story) {

  /** Lets it happen, and time pass. */
  Rig play(Rig rig) {
    story.accept(rig);
    rig.time.advance(time);
    return rig;
  }
}
