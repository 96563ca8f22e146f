package dev.weir.local.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * The events a runtime has taken, each by the connection it was taken on. Whoever removes an event
 * decides what becomes of it, so nothing is settled twice.
 */
final class TakenEvents {
  private final Map<Object, Taken> events = new ConcurrentHashMap<>();

  private record Taken(Invocation invocation, Future<?> timer) {}

  /**
   * Adds an event.
   *
   * @param timer ends the environment when the event takes too long
   */
  void add(Object connection, Invocation invocation, Future<?> timer) {
    events.put(connection, new Taken(invocation, timer));
  }

  /** Takes the connection's event out, if it is still there, and stops its timer. */
  Optional<Invocation> remove(Object connection) {
    var taken = Optional.ofNullable(events.remove(connection));
    taken.ifPresent(it -> it.timer().cancel(false));
    return taken.map(Taken::invocation);
  }

  /** Takes all events out. */
  List<Invocation> removeAll() {
    var all = new ArrayList<Invocation>();
    List.copyOf(events.keySet()).forEach(connection -> remove(connection).ifPresent(all::add));
    return all;
  }

  /** The event with this id. */
  Optional<Invocation> find(String id) {
    return events.values().stream()
        .map(Taken::invocation)
        .filter(invocation -> invocation.id().equals(id))
        .findFirst();
  }

  int size() {
    return events.size();
  }
}
