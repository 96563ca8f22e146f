package dev.weir.states;

import dev.weir.states.definition.Definition;
import dev.weir.states.definition.Edge;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts how often every edge of some machines was taken. */
public final class CoverageTable implements Coverage {
  private final Map<String, Definition> machines;
  private final Map<Row, LongAdder> counts = new ConcurrentHashMap<>();

  private record Row(String machine, Edge edge) {}

  public CoverageTable(Map<String, Definition> machines) {
    this.machines = new TreeMap<>(machines);
  }

  @Override
  public void reached(String stateMachine, Edge edge) {
    counts.computeIfAbsent(new Row(stateMachine, edge), _ -> new LongAdder()).increment();
  }

  /** The edges that nothing has taken, as {@code machine: edge}. */
  public List<String> missed() {
    return machines.entrySet().stream()
        .flatMap(machine ->
            machine.getValue().edges().stream()
                .filter(edge -> count(machine.getKey(), edge) == 0)
                .map(edge -> machine.getKey() + ": " + edge))
        .toList();
  }

  /** One line for each machine: its edges taken and in all, and the least taken one. */
  public String table() {
    return machines.entrySet().stream()
        .map(machine -> line(machine.getKey(), machine.getValue().edges()))
        .collect(Collectors.joining("\n"));
  }

  private String line(String machine, List<Edge> edges) {
    long taken = edges.stream().filter(edge -> count(machine, edge) > 0).count();
    Edge rarest =
        edges.stream().min(Comparator.comparingLong(edge -> count(machine, edge))).orElseThrow();
    return "%-32s %4d of %4d edges; rarest %s: %d"
        .formatted(machine, taken, edges.size(), rarest, count(machine, rarest));
  }

  private long count(String machine, Edge edge) {
    LongAdder count = counts.get(new Row(machine, edge));
    return count == null ? 0 : count.sum();
  }
}
