package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.guard.GuardSet;
import dev.weir.ledger.Price;
import dev.weir.model.Embedding;
import dev.weir.route.EmbeddingFamily;
import dev.weir.route.EmbeddingModel;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.store.VectorTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {

  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final AtomicInteger trips = new AtomicInteger();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Log log =
      new Log(
          new PrintStream(lines, true, StandardCharsets.UTF_8), clock, "Weir", Map.of("a", "b"));
  private boolean isBroken;
  private final EmbeddingCache cache =
      new EmbeddingCache(
          new VectorTable(
              new InMemoryDynamo(clock)
                  .through(
                      new Network() {
                        @Override
                        public void begin() {
                          trips.incrementAndGet();
                        }

                        @Override
                        public boolean request() {
                          return !isBroken;
                        }
                      }),
              "responses"),
          clock,
          log);

  private static EmbeddingModel model(String id, String target) {
    return new EmbeddingModel(
        id,
        target,
        "vendor",
        1,
        EmbeddingFamily.COHERE_V4,
        List.of(2),
        100,
        new Price("p", 1, 0, 1, 1, 1, "s", "d"),
        Duration.ofDays(1),
        GuardSet.none(),
        OptionalDouble.empty());
  }

  private static EmbeddingKey key(String text) {
    return EmbeddingKey.of("acme", model("m", "t"), 2, Optional.empty(), "g@1", text);
  }

  private static Embedding embedding(float first, long tokens) {
    return new Embedding(new float[] {first, 0.25f}, tokens);
  }

  @Test
  void what_was_kept_is_found_whole_and_the_rest_is_not() {
    cache.fill(Map.of(key("a"), embedding(0.1f, 3)), Duration.ofDays(1));

    Map<EmbeddingKey, Embedding> found = cache.read(List.of(key("a"), key("b"), key("a")));

    assertThat(found).containsOnlyKeys(key("a"));
    Embedding kept = found.values().iterator().next();
    assertThat(kept.vector()).containsExactly(0.1f, 0.25f);
    assertThat(kept.tokens()).isEqualTo(3);
  }

  @Test
  void what_is_kept_ends_with_its_time() {
    cache.fill(Map.of(key("a"), embedding(1, 1)), Duration.ofSeconds(60));

    now.addAndGet(59_000);
    assertThat(cache.read(List.of(key("a")))).hasSize(1);
    now.addAndGet(2_000);
    assertThat(cache.read(List.of(key("a")))).isEmpty();
  }

  @Test
  void many_are_read_a_hundred_and_written_twenty_five_at_a_time() {
    Map<EmbeddingKey, Embedding> many = new HashMap<>();
    IntStream.range(0, 250).forEach(i -> many.put(key("text " + i), embedding(i, i)));

    cache.fill(many, Duration.ofDays(1));
    assertThat(trips.getAndSet(0)).isEqualTo(10);
    assertThat(cache.read(many.keySet())).hasSize(250);
    assertThat(trips.get()).isEqualTo(3);
  }

  @Test
  void a_store_that_is_away_costs_hits_and_nothing_else() {
    isBroken = true;

    cache.fill(Map.of(key("a"), embedding(1, 1)), Duration.ofDays(1));

    assertThat(cache.read(List.of(key("a")))).isEmpty();
    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("cache_not_filled", "weir.lost_writes", "cache_unreadable");
  }

  @Test
  void whatever_changes_a_vector_or_its_judgement_changes_the_key() {
    Set<EmbeddingKey> keys = new HashSet<>();
    EmbeddingModel model = model("m", "t");
    Optional<InputType> none = Optional.empty();
    keys.add(EmbeddingKey.of("acme", model, 2, none, "g@1", "a b"));
    keys.add(EmbeddingKey.of("umbra", model, 2, none, "g@1", "a b"));
    keys.add(EmbeddingKey.of("acme", model("n", "t"), 2, none, "g@1", "a b"));
    keys.add(EmbeddingKey.of("acme", model("m", "u"), 2, none, "g@1", "a b"));
    keys.add(EmbeddingKey.of("acme", model, 3, none, "g@1", "a b"));
    keys.add(EmbeddingKey.of("acme", model, 2, Optional.of(InputType.CLUSTERING), "g@1", "a b"));
    keys.add(EmbeddingKey.of("acme", model, 2, none, "g@2", "a b"));
    keys.add(EmbeddingKey.of("acme", model, 2, none, "g@1", "a  b"));
    keys.add(EmbeddingKey.of("acme", model, 2, none, "g@1", "A b"));

    assertThat(keys).hasSize(9).allSatisfy(key -> assertThat(key.name()).contains("#vector#"));
  }

  @Test
  void bytes_that_are_no_embedding_are_none() {
    assertThat(Embedding.read(new byte[0])).isEmpty();
    assertThat(Embedding.read(new byte[] {1, 0, 0, 0, 0, 1})).isEmpty();
    assertThat(Embedding.read(new byte[] {9, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})).isEmpty();
    byte[] whole = Embedding.bytes(List.of(embedding(1, 1), embedding(2, 2)));
    assertThat(Embedding.read(whole).orElseThrow()).hasSize(2);
    assertThat(Embedding.read(java.util.Arrays.copyOf(whole, whole.length - 1))).isEmpty();
  }
}
