package dev.weir.cache;

import dev.weir.model.Embedding;
import dev.weir.store.VectorTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;

/**
 * Vectors kept one by one. A cache that cannot be read or written costs hits, never answers.
 * Thread-safe.
 */
public final class EmbeddingCache {

  private final VectorTable table;
  private final InstantSource clock;
  private final Log log;

  public EmbeddingCache(VectorTable table, InstantSource clock, Log log) {
    this.table = table;
    this.clock = clock;
    this.log = log;
  }

  /** What is kept of these, in one read per {@link VectorTable#READ_AT_ONCE}. */
  public Map<EmbeddingKey, Embedding> read(Collection<EmbeddingKey> keys) {
    Map<EmbeddingKey, Embedding> found = new HashMap<>();
    try {
      keys.stream()
          .distinct()
          .map(EmbeddingKey::name)
          .gather(Gatherers.windowFixed(VectorTable.READ_AT_ONCE))
          .forEach(names ->
              table
                  .read(names, clock.millis() / 1000)
                  .forEach((name, value) ->
                      one(value).ifPresent(vector -> found.put(new EmbeddingKey(name), vector))));
    } catch (RuntimeException e) {
      log.write(Line.warn("cache_unreadable").with(e));
    }
    return found;
  }

  private static Optional<Embedding> one(byte[] value) {
    return Embedding.read(value).map(List::getFirst);
  }

  /** Keeps vectors. */
  public void fill(Map<EmbeddingKey, Embedding> vectors, Duration timeToLive) {
    long until = Math.ceilDiv(clock.millis(), 1000) + timeToLive.toSeconds();
    try {
      int lost =
          vectors.entrySet().stream()
              .gather(Gatherers.windowFixed(VectorTable.WRITTEN_AT_ONCE))
              .mapToInt(entries -> write(entries, until))
              .sum();
      if (lost > 0) {
        log.write(Line.warn("cache_not_filled").with("vectors", lost));
      }
    } catch (RuntimeException e) {
      log.write(
          Line.warn("cache_not_filled").with(e).metric(Names.LOST_WRITES, Line.Unit.COUNT, 1));
    }
  }

  private int write(List<Map.Entry<EmbeddingKey, Embedding>> entries, long until) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    entries.forEach(
        entry -> values.put(entry.getKey().name(), Embedding.bytes(List.of(entry.getValue()))));
    return table.write(values, until);
  }
}
