package dev.weir.killswitch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Emitted;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillSwitchTest {

  private static final Target MODEL = Target.parse("model:small");
  private static final Set<Target> CALL = Set.of(Target.parse("all"), MODEL);

  private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private volatile boolean isBroken;
  private final AtomicInteger reads = new AtomicInteger();
  private final InstantSource clock = () -> now;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final InMemoryDynamo dynamo = new InMemoryDynamo(clock);
  private final Switches operator = new Switches(new SwitchTable(dynamo, "tenants"));
  private final KillSwitch gateway =
      new KillSwitch(
          new Switches(new SwitchTable(dynamo.through(cable()), "tenants")),
          List::of,
          clock,
          scheduler,
          new Log(new PrintStream(lines), clock, "Weir", Map.of("environment", "dev")));

  private volatile String leverSays = "none";
  private volatile boolean isLeverBroken;
  private final AtomicInteger pulls = new AtomicInteger();
  private final KillSwitch levered =
      new KillSwitch(
          new Switches(new SwitchTable(dynamo, "tenants")),
          this::lever,
          clock,
          scheduler,
          new Log(new PrintStream(lines), clock, "Weir", Map.of("environment", "dev")));

  private volatile Duration readTakes = Duration.ZERO;

  private List<Off> lever() {
    pulls.incrementAndGet();
    pass(readTakes);
    if (isLeverBroken) {
      throw new IllegalStateException("no SSM");
    }
    return Arrays.stream(leverSays.split(", "))
        .filter(text -> !text.equals("none"))
        .map(text -> new Off(Target.parse(text), 0, "ssm", "lever"))
        .toList();
  }

  private Network cable() {
    return new Network() {
      @Override
      public void begin() {
        reads.incrementAndGet();
      }

      @Override
      public boolean request() {
        return !isBroken;
      }
    };
  }

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private void turnOff(String what) {
    operator.turnOff(new Off(Target.parse(what), now.toEpochMilli(), "ann", "leak"));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void what_is_off_is_refused_within_two_seconds_and_passes_when_it_is_on() {
    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
    turnOff("model:small");
    pass(KillSwitch.FRESH);
    assertThat(gateway.check(CALL))
        .isInstanceOfSatisfying(
            KillSwitch.Check.Switched.class,
            switched -> assertThat(switched.off().why()).isEqualTo("leak"));
    operator.turnOn(MODEL);
    pass(KillSwitch.FRESH);

    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
  }

  @Test
  void what_is_off_stops_nothing_else() {
    turnOff("model:other");
    turnOff("tenant:small");
    turnOff("tool:small");

    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
  }

  @Test
  void many_calls_make_one_read() {
    for (int call = 0; call < 1_000; call++) {
      gateway.check(CALL);
    }

    assertThat(reads).hasValue(1);
  }

  @Test
  void switches_that_cannot_be_read_stop_new_calls_once_what_is_known_is_old() {
    gateway.check(CALL);
    isBroken = true;
    pass(KillSwitch.STALE.minusMillis(1));
    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
    pass(Duration.ofMillis(1));
    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.Unreadable.class);
    isBroken = false;
    pass(Duration.ofSeconds(1));

    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
    assertThat(lines.toString(UTF_8)).contains("weir.switches.unreadable");
    Emitted.keep("weir.switches.unreadable", lines.toString(UTF_8));
  }

  @Test
  void many_calls_do_not_wait_one_after_the_other_for_a_table_that_is_gone() {
    isBroken = true;
    for (int call = 0; call < 100; call++) {
      gateway.check(CALL);
    }

    assertThat(reads).hasValue(1);
  }

  @Test
  void a_cold_environment_that_cannot_read_them_stops_every_call() {
    isBroken = true;

    assertThat(gateway.check(CALL)).isInstanceOf(KillSwitch.Check.Unreadable.class);
  }

  @Test
  void a_running_answer_is_interrupted_and_told_by_what() throws Exception {
    gateway.check(CALL);
    try (Watch watch = gateway.watch(CALL)) {
      turnOff("all");
      pass(KillSwitch.FRESH);
      assertThatThrownBy(() -> TimeUnit.SECONDS.sleep(30)).isInstanceOf(InterruptedException.class);

      assertThat(watch.off().orElseThrow().target().text()).isEqualTo("all");
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void an_environment_that_runs_says_how_old_its_knowledge_is() throws Exception {
    await(() -> lines.toString(UTF_8).contains("\"weir.switch.age\":0.0"));
    isBroken = true;
    pass(KillSwitch.PROOF);
    await(() -> lines.toString(UTF_8).contains("\"weir.switch.age\":60.0"));
    Emitted.keep("weir.switch.age", lines.toString(UTF_8));
  }

  @Test
  void the_second_lever_ends_a_running_answer_and_refuses_the_next_call() throws Exception {
    assertThat(levered.check(CALL)).isInstanceOf(KillSwitch.Check.On.class);
    await(() -> pulls.get() == 1);
    try (Watch watch = levered.watch(CALL)) {
      leverSays = "model:other, model:small";
      pass(KillSwitch.LEVER_FRESH);
      assertThatThrownBy(() -> TimeUnit.SECONDS.sleep(30)).isInstanceOf(InterruptedException.class);
      assertThat(watch.off().orElseThrow().target()).isEqualTo(MODEL);
    }
    assertThat(levered.check(CALL)).isInstanceOf(KillSwitch.Check.Switched.class);
  }

  @Test
  void what_the_lever_says_is_as_old_as_the_question() throws Exception {
    readTakes = KillSwitch.LEVER_FRESH;
    levered.check(CALL);

    await(() -> {
      levered.check(CALL);
      return pulls.get() > 1;
    });
  }

  @Test
  void a_lever_that_cannot_be_read_holds_what_it_said_last_and_stops_nothing_else()
      throws Exception {
    leverSays = "model:small";
    levered.check(CALL);
    await(() -> levered.check(CALL) instanceof KillSwitch.Check.Switched);
    isLeverBroken = true;
    int before = pulls.get();
    pass(KillSwitch.LEVER_FRESH);
    levered.check(CALL);
    await(() -> pulls.get() > before);

    assertThat(levered.check(CALL)).isInstanceOf(KillSwitch.Check.Switched.class);
    assertThat(levered.check(Set.of(Target.parse("model:other"))))
        .isInstanceOf(KillSwitch.Check.On.class);
    await(() -> lines.toString(UTF_8).contains("switch_lever_unreadable"));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void an_answer_that_is_over_is_not_interrupted() throws Exception {
    gateway.check(CALL);
    gateway.watch(CALL).close();
    turnOff("all");
    pass(KillSwitch.FRESH);
    TimeUnit.MILLISECONDS.sleep(KillSwitch.FRESH.toMillis() * 3 / 2);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model", "model:", "nothing:x", "all:x", "model:a b", "ALL", ":x"})
  void what_is_no_switch_is_refused_with_what_is_one(String text) {
    assertThatThrownBy(() -> Target.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tenant:, key:, model:, door:, tool:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"all", "tenant:acme", "key:1a2b", "model:nova-lite", "door:chat", "tool:f"})
  void what_is_a_switch_reads_as_it_is_written(String text) {
    assertThat(Target.parse(text).text()).isEqualTo(text);
  }
}
