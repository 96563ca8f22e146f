package dev.weir.states;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The events of one execution. */
final class History {
  /** Quotas of standard workflows: "Maximum execution history size 25,000 events". */
  static final int LIMIT = 25_000;

  private final InstantSource clock;
  private final List<HistoryEvent> events = new ArrayList<>();

  History(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Adds an event and returns its id.
   *
   * @throws StateError if only the last event, the execution's end, still has room
   */
  long add(long previous, String type, ObjectNode details) {
    if (events.size() == LIMIT - 1) {
      throw new StateError(
          Failure.runtime("The execution reached the maximum number of history events (25000)."));
    }
    return append(previous, type, details);
  }

  long add(long previous, String type) {
    return add(previous, type, JsonNodeFactory.instance.objectNode());
  }

  /** Adds the event that ends the execution. */
  void end(long previous, String type, ObjectNode details) {
    append(previous, type, details);
  }

  List<HistoryEvent> events() {
    return List.copyOf(events);
  }

  private long append(long previous, String type, ObjectNode details) {
    long id = events.size() + 1L;
    events.add(new HistoryEvent(id, previous, clock.instant(), type, details));
    return id;
  }
}
