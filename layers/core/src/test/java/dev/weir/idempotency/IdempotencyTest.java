package dev.weir.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdempotencyTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration RETENTION = Duration.ofHours(1);
  private static final IdempotencyKey KEY = key("k", "body");

  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final Idempotency idempotency =
      new Idempotency(
          new ResponseTable(new InMemoryDynamo(clock), "responses"),
          RETENTION,
          clock,
          new Log(new PrintStream(new ByteArrayOutputStream()), clock, "Weir", Map.of()));

  private static IdempotencyKey key(String text, String body) {
    return key(text, "chat", body, "guards 1");
  }

  private static IdempotencyKey key(String text, String door, String body, String guards) {
    return IdempotencyKey.of("acme", text, door, body.getBytes(UTF_8), guards);
  }

  private Claim first(IdempotencyKey key, String owner) {
    return ((Begin.First) idempotency.begin(key, owner, LEASE)).claim();
  }

  @Test
  void what_was_kept_is_answered_until_its_time_is_over() {
    first(KEY, "a").keep("answer".getBytes(UTF_8));

    now = now.plus(RETENTION).minusMillis(1);
    assertThat(idempotency.begin(KEY, "b", LEASE))
        .isInstanceOfSatisfying(
            Begin.Answered.class,
            answered -> assertThat(answered.answer()).isEqualTo("answer".getBytes(UTF_8)));
    now = now.plusMillis(1);
    assertThat(idempotency.begin(KEY, "c", LEASE)).isInstanceOf(Begin.First.class);
  }

  @Test
  void a_claim_whose_holder_died_ends_with_its_lease() {
    first(KEY, "dead");

    now = now.plus(LEASE).minusMillis(1);
    assertThat(idempotency.begin(KEY, "b", LEASE)).isInstanceOf(Begin.Running.class);
    now = now.plusMillis(1);
    assertThat(idempotency.begin(KEY, "b", LEASE)).isInstanceOf(Begin.First.class);
  }

  @Test
  void a_released_claim_does_not_end_anothers() {
    Claim late = first(KEY, "late");
    now = now.plus(LEASE);
    first(KEY, "next");

    late.release();

    assertThat(idempotency.begin(KEY, "third", LEASE)).isInstanceOf(Begin.Running.class);
  }

  @Test
  void a_kept_claim_cannot_be_released_and_a_released_one_not_kept() {
    Claim kept = first(KEY, "a");
    kept.keep(new byte[] {1});
    kept.release();
    assertThat(idempotency.begin(KEY, "b", LEASE)).isInstanceOf(Begin.Answered.class);

    IdempotencyKey other = key("other", "body");
    Claim released = first(other, "a");
    released.release();
    released.keep(new byte[] {1});
    assertThat(idempotency.begin(other, "b", LEASE)).isInstanceOf(Begin.First.class);
  }

  @Test
  void another_body_is_told_apart_running_or_answered() {
    Claim claim = first(KEY, "a");
    assertThat(idempotency.begin(key("k", "other"), "b", LEASE)).isInstanceOf(Begin.Other.class);
    claim.keep(new byte[] {1});
    assertThat(idempotency.begin(key("k", "other"), "b", LEASE)).isInstanceOf(Begin.Other.class);
  }

  @Test
  void the_same_body_at_another_door_is_another_request() {
    IdempotencyKey elsewhere = key("k", "embeddings", "body", "guards 1");
    Claim claim = first(KEY, "a");
    assertThat(idempotency.begin(elsewhere, "b", LEASE)).isInstanceOf(Begin.Other.class);
    claim.keep(new byte[] {1});
    assertThat(idempotency.begin(elsewhere, "b", LEASE)).isInstanceOf(Begin.Other.class);
  }

  @Test
  void what_was_answered_under_other_guards_is_asked_once_more_and_then_answered() {
    IdempotencyKey stricter = key("k", "chat", "body", "guards 2");
    first(KEY, "a").keep(new byte[] {1});

    first(stricter, "b").keep(new byte[] {2});

    assertThat(idempotency.begin(stricter, "c", LEASE))
        .isInstanceOfSatisfying(
            Begin.Answered.class, kept -> assertThat(kept.answer()).containsExactly(2));
    assertThat(idempotency.begin(KEY, "c", LEASE))
        .isInstanceOfSatisfying(
            Begin.Answered.class, kept -> assertThat(kept.answer()).containsExactly(1));
    assertThat(idempotency.begin(key("k", "chat", "other", "guards 2"), "d", LEASE))
        .isInstanceOf(Begin.Other.class);
  }

  @Test
  void whatever_is_done_in_whatever_order_no_two_hold_a_claim_at_once() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      IdempotencyKey key = key("round" + round, "body");
      Instant holdsUntil = Instant.MIN;
      for (int step = 0; step < 30; step++) {
        switch (idempotency.begin(key, "owner" + step, LEASE)) {
          case Begin.First(Claim claim) -> {
            assertThat(now).isAfterOrEqualTo(holdsUntil);
            holdsUntil = now.plus(LEASE);
            if (random.nextInt(4) == 0) {
              claim.release();
              holdsUntil = now;
            }
          }
          case Begin.Running _ -> assertThat(now).isBefore(holdsUntil);
          case Begin other -> throw new AssertionError(other);
        }
        now = now.plusMillis(random.nextInt(20_000));
      }
    }
  }
}
