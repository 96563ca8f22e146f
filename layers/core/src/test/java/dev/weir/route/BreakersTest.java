package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.BreakerTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BreakersTest {

  private static final String TARGET = "vendor.m";
  private static final CircuitBreaker.Rules RULES =
      new CircuitBreaker.Rules(5, Duration.ofSeconds(10), Duration.ofSeconds(15));

  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicBoolean isDown = new AtomicBoolean();
  private final InMemoryDynamo dynamo =
      new InMemoryDynamo(clock)
          .through(
              new Network() {
                @Override
                public void begin() {
                  requests.incrementAndGet();
                }

                @Override
                public boolean request() {
                  return !isDown.get();
                }
              });
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  private Breakers environment() {
    return new Breakers(
        new BreakerTable(dynamo, "responses"),
        RULES,
        clock,
        new Log(new PrintStream(lines, true, StandardCharsets.UTF_8), clock, "Weir", Map.of()));
  }

  private void later(long millis) {
    now.addAndGet(millis);
  }

  private boolean passes(Breakers breakers) {
    return breakers.refusal(TARGET, true).isEmpty();
  }

  private static void fail(Breakers breakers) {
    breakers.failed(TARGET, CircuitBreaker.FULL, Duration.ZERO);
  }

  /** C37: what one environment finds out, the others know within two seconds. */
  @Test
  void a_breaker_that_opens_is_seen_by_all_environments_within_two_seconds() {
    List<Breakers> fleet = Stream.generate(this::environment).limit(20).toList();
    assertThat(fleet).allMatch(this::passes);

    IntStream.range(0, 5).forEach(i -> fail(fleet.get(i)));

    later(2_000);
    assertThat(fleet).noneMatch(this::passes);
    assertThat(fleet.getLast().reopens(TARGET)).hasValue(now.get() + 8_000);
  }

  @Test
  void of_all_environments_one_probes() {
    List<Breakers> fleet = Stream.generate(this::environment).limit(50).toList();
    IntStream.range(0, 5).forEach(i -> fail(fleet.getFirst()));
    assertThat(passes(fleet.getFirst())).isFalse();

    later(10_000);
    List<Breakers> probing = fleet.stream().filter(this::passes).toList();
    assertThat(probing).hasSize(1);
    fail(probing.getFirst());
    later(9_999);
    assertThat(fleet).noneMatch(this::passes);

    later(1);
    List<Breakers> second = fleet.stream().filter(this::passes).toList();
    assertThat(second).hasSize(1);
    second.getFirst().answered(TARGET);
    later(2_000);
    assertThat(fleet).allMatch(this::passes);
  }

  @Test
  void a_prober_that_dies_is_followed_by_another() {
    Breakers first = environment();
    IntStream.range(0, 5).forEach(i -> fail(first));
    later(10_000);
    assertThat(passes(first)).isTrue();

    Breakers second = environment();
    later(14_999);
    assertThat(passes(second)).isFalse();
    later(2_001);
    assertThat(passes(second)).isTrue();
  }

  @Test
  void a_breaker_that_cannot_be_read_or_written_is_closed() {
    Breakers breakers = environment();
    IntStream.range(0, 5).forEach(i -> fail(breakers));
    later(2_000);
    isDown.set(true);

    assertThat(passes(breakers)).isTrue();
    fail(breakers);
    breakers.answered(TARGET);
    assertThat(lines.toString(StandardCharsets.UTF_8)).contains("breaker_unreadable");
  }

  @Test
  void health_writes_nothing_and_reads_once_in_two_seconds() {
    Breakers breakers = environment();
    for (int call = 0; call < 100; call++) {
      passes(breakers);
      breakers.answered(TARGET);
      later(100);
    }
    assertThat(requests.get()).isEqualTo(5);
    assertThat(dynamo.item("responses", "B#" + TARGET)).isEmpty();
  }

  @Test
  void unwatched_health_does_not_even_read() {
    Breakers breakers = environment();
    for (int call = 0; call < 100; call++) {
      breakers.refusal(TARGET, false);
      breakers.answered(TARGET);
      later(100);
    }
    assertThat(requests.get()).isZero();
  }

  @Test
  void a_busy_fleet_with_one_failure_in_a_hundred_stays_closed() {
    Random random = new Random(17);
    List<Breakers> fleet = Stream.generate(this::environment).limit(40).toList();
    int refused = 0;
    for (int call = 0; call < 60_000; call++) {
      Breakers breakers = fleet.get(random.nextInt(fleet.size()));
      refused += passes(breakers) ? 0 : 1;
      if (random.nextInt(100) == 0) {
        fail(breakers);
      } else {
        breakers.answered(TARGET);
      }
      later(2);
    }
    assertThat(refused).isZero();
  }

  @Test
  void a_late_answer_to_a_call_from_before_does_not_close_it() {
    Breakers breakers = environment();
    IntStream.range(0, 5).forEach(i -> fail(breakers));

    breakers.answered(TARGET);

    assertThat(passes(breakers)).isFalse();
  }

  /** The fleet of the research: an outage of 120 s at 40 calls/s whose failures take 10 s. */
  @Test
  void an_outage_costs_a_fleet_few_failed_calls() {
    long failed = outage(40, 10_000, true);
    long unshared = outage(40, 10_000, false);

    System.out.printf(
        "breaker: outage of 120 s, 40 calls/s, failures of 10 s: %d failed upstream calls shared,"
            + " %d with a breaker per environment%n",
        failed, unshared);
    assertThat(failed).isLessThan(unshared / 2);
  }

  private record Running(Breakers environment, long until) {}

  /** Idle environments are taken last in, first out, as Lambda does. */
  private long outage(int perSecond, long failureMillis, boolean isShared) {
    java.util.ArrayDeque<Breakers> idle = new java.util.ArrayDeque<>();
    java.util.PriorityQueue<Running> running =
        new java.util.PriorityQueue<>(java.util.Comparator.comparingLong(Running::until));
    InMemoryDynamo shared = new InMemoryDynamo(clock);
    Log silent = new Log(new PrintStream(new ByteArrayOutputStream()), clock, "Weir", Map.of());
    long end = now.get() + 120_000;
    long failed = 0;
    while (now.get() < end) {
      while (!running.isEmpty() && running.peek().until() <= now.get()) {
        Breakers done = running.remove().environment();
        fail(done);
        idle.push(done);
      }
      Breakers environment = idle.poll();
      if (environment == null) {
        InMemoryDynamo seen = isShared ? shared : new InMemoryDynamo(clock);
        environment = new Breakers(new BreakerTable(seen, "r"), RULES, clock, silent);
      }
      if (environment.refusal(TARGET, true).isEmpty()) {
        failed++;
        running.add(new Running(environment, now.get() + failureMillis));
      } else {
        idle.push(environment);
      }
      later(1000 / perSecond);
    }
    return failed;
  }
}
