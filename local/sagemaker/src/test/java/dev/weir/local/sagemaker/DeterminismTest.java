package dev.weir.local.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.RealScheduler;
import dev.weir.local.time.VirtualScheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class DeterminismTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  /** A storm of calls, some at wrong moments, and all that the world told of it. */
  private static List<String> storm(long seed) {
    VirtualScheduler time = new VirtualScheduler(Lab.START, seed);
    List<String> told = new ArrayList<>();
    World world = new World(new World.Settings(seed), time, event -> told.add(event.toString()));
    world.add(new Fault(CallFault.THROTTLED, Fault.ANY, Fault.ANY).share(0.2));
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      String config = "config-" + random.nextInt(5);
      switch (random.nextInt(5)) {
        case 0 -> send(world, "CreateEndpointConfig", config(config));
        case 1 -> send(world, "CreateEndpoint", endpoint(name, config));
        case 2 -> send(world, "UpdateEndpoint", endpoint(name, config));
        case 3 -> send(world, "DeleteEndpoint", Json.object().put("EndpointName", name));
        default -> time.advance(Duration.ofMinutes(random.nextInt(12)));
      }
    }
    world.history().forEach(change -> told.add(change.toString()));
    world.ledger().forEach(entry -> told.add(entry.toString()));
    told.add(world.view().toString());
    return told;
  }

  private static void send(World world, String operation, ObjectNode request) {
    assertThat(world.call("test", Service.SAGEMAKER, operation, request)).isNotNull();
  }

  private static ObjectNode endpoint(String name, String config) {
    return Json.object().put("EndpointName", name).put("EndpointConfigName", config);
  }

  private static ObjectNode config(String name) {
    ObjectNode config = Json.object().put("EndpointConfigName", name);
    config
        .putArray("ProductionVariants")
        .addObject()
        .put("VariantName", "main")
        .put("InstanceType", "ml.m5.large")
        .put("InitialInstanceCount", 1);
    return config;
  }

  @Test
  void the_same_seed_gives_the_same_history() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(storm(seed)).isEqualTo(storm(seed)).hasSizeGreaterThan(100);
    }
  }

  @Test
  void another_seed_gives_another_history() {
    assertThat(storm(1)).isNotEqualTo(storm(2));
  }

  @Test
  void four_weeks_pass_in_seconds() {
    VirtualScheduler time = new VirtualScheduler(Lab.START, 1);
    World world = new World(new World.Settings(1), time, _ -> {});
    send(world, "CreateEndpointConfig", config("one"));
    time.advance(Duration.ofSeconds(10));
    send(world, "CreateEndpoint", endpoint("chat", "one"));
    world.condition("chat", "ok", Json.object().put("invocationsPerMinute", 100));
    long before = System.nanoTime();
    time.advance(Duration.ofDays(28));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
    assertThat(time.instant()).isEqualTo(Lab.START.plusSeconds(10).plus(Duration.ofDays(28)));
  }

  @Test
  @Timeout(20)
  void the_real_clock_drives_it_as_well() throws InterruptedException {
    try (RealScheduler time = new RealScheduler(InstantSource.system())) {
      CountDownLatch inService = new CountDownLatch(1);
      World world =
          new World(
              new World.Settings(1, "us-east-1", "123456789012", 0.001),
              time,
              event -> {
                if (event.at("/detail/EndpointStatus").asText().equals("IN_SERVICE")) {
                  inService.countDown();
                }
              });
      send(world, "CreateEndpointConfig", config("one"));
      while (!(world.call("t", Service.SAGEMAKER, "CreateEndpoint", endpoint("chat", "one"))
          instanceof Reply.Done)) {
        Thread.sleep(1);
      }
      assertThat(inService.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
