package dev.weir.inference;

import dev.weir.door.Exchange;
import dev.weir.route.Deadline;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How long a request and its parts may take.
 *
 * @param request the whole of it
 * @param firstContent until a model has begun to answer
 * @param idle between two parts of an answer
 */
record Times(Duration request, Duration firstContent, Duration idle, InstantSource clock) {

  /**
   * A request that has just arrived.
   *
   * @param door as switches, logs and metrics name it
   * @param remainingMillis left to the function's environment
   */
  Visit visit(Exchange exchange, String door, int remainingMillis) {
    long now = clock.millis();
    long time = Math.min(request.toMillis(), remainingMillis - Visit.SETTLING.toMillis());
    return Visit.of(
        exchange, door, now, new Deadline(now + Math.max(time, 0), firstContent, idle, clock));
  }
}
