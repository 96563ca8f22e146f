package dev.weir.local.bedrock.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults set. Of those that fit a call, the one set first hits it. Thread-safe. */
public final class Faults {

  private static final class Armed {
    private final Fault fault;
    private int hits;

    private Armed(Fault fault) {
      this.fault = fault;
    }

    private boolean isSpent() {
      return fault.times() > 0 && hits >= fault.times();
    }
  }

  private final List<Armed> armed = new ArrayList<>();
  private int clearings;

  /** Sets a fault, after those already set. */
  public synchronized void add(Fault fault) {
    armed.add(new Armed(fault));
  }

  /** Removes all faults and ends the stalls they hold. */
  public synchronized void clear() {
    armed.clear();
    clearings++;
  }

  /** How often the faults have been cleared: a stall ends when this changes. */
  public synchronized int clearings() {
    return clearings;
  }

  /** The fault that hits this call, counted as a hit. */
  public synchronized Optional<Fault> take(String model, Operation operation) {
    Optional<Armed> hit =
        armed.stream().filter(a -> !a.isSpent() && a.fault.hits(model, operation)).findFirst();
    hit.ifPresent(a -> a.hits++);
    return hit.map(a -> a.fault);
  }

  /** The faults set, with how many calls each has hit. */
  public synchronized ObjectNode json() {
    ObjectNode json = Json.object();
    ArrayNode faults = json.putArray("faults");
    armed.forEach(a -> faults.add(a.fault.json().put("hits", a.hits)));
    return json;
  }
}
