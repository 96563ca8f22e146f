package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.definition.Environment;
import dev.weir.states.definition.EvaluationException;
import dev.weir.states.definition.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class MapVisit extends ForkVisit {
  /** Developer guide, "Map state processing modes": inline, at most 40 iterations at once. */
  private static final int MOST_AT_ONCE = 40;

  private final State.MapState map;
  private List<Iteration> iterations = List.of();

  private record Iteration(JsonNode context, JsonNode input) {}

  MapVisit(Branch branch, State.MapState map, JsonNode input) {
    super(branch, map, input);
    this.map = map;
  }

  @Override
  void begin() {
    JsonNode items = items();
    int wanted = map.maxConcurrency().map(most -> most.whole(this, "MaxConcurrency", 0)).orElse(0);
    List<Iteration> read = new ArrayList<>();
    for (JsonNode item : items) {
      read.add(iteration(read.size(), item));
    }
    iterations = read;
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("length", read.size());
    long started = branch().record("MapStateStarted", details);
    fork(read.size(), wanted == 0 ? MOST_AT_ONCE : Math.min(wanted, MOST_AT_ONCE), started);
  }

  @Override
  public Branch start(int index, long previous, Branch.Ending ending) {
    Iteration iteration = iterations.get(index);
    long started = record(previous, "Started", index);
    return branch(
        map.processor(), Optional.of(iteration.context()), started, ending, iteration.input());
  }

  @Override
  public long succeeded(int index, Branch branch) {
    return record(branch.lastEvent(), "Succeeded", index);
  }

  @Override
  public void failed(int index, Branch branch) {
    record(branch.lastEvent(), "Failed", index);
  }

  @Override
  public void aborted(int index, long cause) {
    record(cause, "Aborted", index);
  }

  private JsonNode items() {
    if (map.items().isPresent()) {
      return map.items().get().evaluate(this, "Items", JsonNodeType.ARRAY);
    }
    if (!input().isArray()) {
      throw new EvaluationException(
          "Items", "Map state input must be an array but was: " + input());
    }
    return input();
  }

  /** The item as iterations see it, and what ItemSelector makes of it. */
  private Iteration iteration(int index, JsonNode item) {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context.putObject("Item").put("Index", index).set("Value", item);
    Environment environment = with("context", context().set("Map", context));
    return new Iteration(
        context,
        map.itemSelector()
            .map(selector -> selector.evaluate(environment, "ItemSelector"))
            .orElse(item));
  }

  private long record(long previous, String what, int index) {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("name", map.name());
    details.put("index", index);
    return run().history().add(previous, "MapIteration" + what, details);
  }
}
