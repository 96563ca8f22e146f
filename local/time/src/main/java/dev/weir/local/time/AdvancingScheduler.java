package dev.weir.local.time;

import java.time.Duration;

/** A clock that can be sent ahead. */
public interface AdvancingScheduler extends Scheduler {

  /** Lets that much time pass at once: everything due in it runs, in its order. */
  void advance(Duration time);
}
