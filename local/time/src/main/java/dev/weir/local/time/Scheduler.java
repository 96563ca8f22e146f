package dev.weir.local.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The engine's clock: the time, and one line of actions that never run two at once. */
public interface Scheduler extends InstantSource {

  /** Runs the action once, after the delay or as soon after it as it can; never at once. */
  Timer after(Duration delay, Runnable action);

  /**
   * Runs the question between two actions and returns its answer; at once if asked by an action.
   */
  <T> T call(Supplier<T> question);

  /** An action to come. */
  interface Timer {
    /** The action will not run, if it has not yet. */
    void cancel();
  }
}
