package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What training jobs measure at their end, where somebody has said so. */
public final class Scores {
  private final Map<String, ObjectNode> byPrefix = new TreeMap<>();
  private final Chance chance;

  Scores(Chance chance) {
    this.chance = chance;
  }

  /**
   * Says it of the jobs whose names begin so.
   *
   * @param metrics values by name; null: it is not measured
   */
  public void put(String prefix, ObjectNode metrics) {
    byPrefix.put(prefix, metrics);
  }

  /** What a job measures: by the longest prefix, else by chance; empty if nothing. */
  public OptionalDouble of(String job, String metric) {
    Optional<JsonNode> said =
        byPrefix.entrySet().stream()
            .filter(entry -> job.startsWith(entry.getKey()))
            .reduce((shorter, longer) -> longer)
            .map(entry -> entry.getValue().path(metric));
    if (said.isEmpty() || said.get().isMissingNode()) {
      return OptionalDouble.of(chance.draw("metric " + job));
    }
    return said.get().isNumber()
        ? OptionalDouble.of(said.get().asDouble())
        : OptionalDouble.empty();
  }
}
