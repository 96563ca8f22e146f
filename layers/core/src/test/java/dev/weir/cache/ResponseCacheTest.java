package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.route.Deadline;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {

  private static final CacheKey KEY = new CacheKey("acme", "digest");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final byte[] ANSWER = {1, 2, 3};

  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final ResponseCache cache =
      new ResponseCache(
          new ResponseTable(new InMemoryDynamo(clock), "responses"),
          clock,
          time -> now = now.plus(time),
          scheduler,
          new Log(new PrintStream(new ByteArrayOutputStream()), clock, "Weir", Map.of()));

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private Lookup join(String owner) {
    long end = now.plus(Duration.ofMinutes(1)).toEpochMilli();
    return cache.join(KEY, owner, new Deadline(end, HOUR, HOUR, clock));
  }

  @Test
  void an_answer_is_a_hit_until_its_time_is_over_and_not_a_millisecond_longer() {
    cache.fill(KEY, "a", ANSWER, HOUR);

    now = now.plus(HOUR).minusMillis(1);
    assertThat(join("b"))
        .isInstanceOfSatisfying(Lookup.Hit.class, hit -> assertThat(hit.value()).isEqualTo(ANSWER));
    now = now.plusMillis(1);
    assertThat(join("c")).isInstanceOf(Lookup.Lead.class);
  }

  @Test
  void the_followers_of_a_dead_leader_take_over_when_its_claim_ends() {
    assertThat(join("dead")).isInstanceOf(Lookup.Lead.class);
    Instant begun = now;

    assertThat(join("follower")).isInstanceOf(Lookup.Lead.class);
    assertThat(Duration.between(begun, now))
        .isBetween(ResponseCache.CLAIM, ResponseCache.CLAIM.plusSeconds(1));
  }

  @Test
  void the_followers_of_a_leader_that_gives_up_go_on_alone() {
    Lookup.Lead lead = (Lookup.Lead) join("leader");
    cache.abandon(lead.flight());

    assertThat(join("follower")).isInstanceOf(Lookup.Alone.class);
  }

  @Test
  void an_answer_too_large_for_an_item_is_not_kept() {
    assertThat(join("leader")).isInstanceOf(Lookup.Lead.class);
    cache.fill(KEY, "leader", new byte[400_000], HOUR);

    assertThat(join("follower")).isInstanceOf(Lookup.Alone.class);
  }
}
