package dev.weir.statemachines;

import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.StatesException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Forty minutes in which everything drawn from the seed goes wrong, and then nothing does: the
 * machines have two and a half hours to bring everything to an end.
 */
final class Storm {
  static final Duration ROUGH = Duration.ofMinutes(40);
  static final Duration CALM = Duration.ofMinutes(154);
  static final List<String> ACTIONS =
      List.of(
          "restart-endpoint",
          "scale-out",
          "deploy-endpoint",
          "rollback-endpoint",
          "park-endpoint",
          "unpark-endpoint");

  final long seed;
  final List<Machines.Machine> machines;
  final Rig rig;
  final Instant calm;
  final Switches switches;
  final List<String> endpoints = new ArrayList<>();

  /** Endpoints that nothing may touch, and since when. */
  final Map<String, Instant> spared = new HashMap<>();

  /** Locks that ran out under their owners, each by its target. */
  final List<Map.Entry<String, Instant>> lapsed = new ArrayList<>();

  /** Bounds of endpoints that have a scalable target. */
  final Map<String, Bounds> bounds = new HashMap<>();

  private final Random random;
  private final Misfortunes misfortunes;

  record Bounds(int min, int max) {}

  Storm(long seed, List<Machines.Machine> machines) {
    this.seed = seed;
    this.machines = machines;
    random = random(seed);
    rig = new Rig(seed, (_, _) -> {}, machines);
    boolean sweeps = random.nextInt(4) == 0;
    Sweeper sweeper = new Sweeper(rig);
    switches = new Switches(rig);
    for (String action : ACTIONS) {
      switches.set(action, random.nextInt(4) > 0 ? "auto" : Misfortunes.drawn(random));
    }
    switches.set("restart-endpoint", random.nextInt(3) > 0 ? "auto" : "approve");
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      endpoint("chat-" + i, 1 + random.nextInt(3));
    }
    if (sweeps) {
      notebooks(sweeper);
    }
    calm = rig.time.instant().plus(ROUGH);
    misfortunes = new Misfortunes(this, random);
  }

  /**
   * What is drawn from a seed; the first draws of neighbouring seeds are alike, so one is left out.
   */
  static Random random(long seed) {
    Random random = new Random(seed);
    random.nextInt();
    return random;
  }

  private void endpoint(String name, int instances) {
    endpoints.add(name);
    rig.endpoint(name, instances);
    rig.errorsAlarm(name);
    rig.errorsAlarm("weir-errors-" + name, name);
    rig.config(name + "-b", "AllTraffic");
    if (random.nextBoolean()) {
      Bounds bound = new Bounds(instances, instances + 1 + random.nextInt(3));
      bounds.put(name, bound);
      rig.call(
          Service.AUTO_SCALING,
          "RegisterScalableTarget",
          "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/%s/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','MinCapacity':%d,'MaxCapacity':%d}"
              .formatted(name, bound.min(), bound.max()));
      rig.call(
          Service.CLOUDWATCH,
          "PutMetricAlarm",
          "{'AlarmName':'weir-rem-scale-out-%s','Namespace':'AWS/SageMaker','MetricName':'ApproximateBacklogSize','Dimensions':[{'Name':'EndpointName','Value':'%s'}],'Statistic':'Average','Period':60,'EvaluationPeriods':2,'Threshold':100,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'notBreaching'}"
              .formatted(name, name));
    }
    if (random.nextInt(6) == 0) {
      spare(name);
    }
  }

  /** One of the tags that keep every machine away. */
  void spare(String endpoint) {
    String tag =
        List.of(
                "exclude','Value':'true",
                "protected','Value':'true",
                "pause-until','Value':'2026-03-09T00:00:00Z")
            .get(random.nextInt(3));
    try {
      rig.call(
          "AddTags",
          "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/%s','Tags':[{'Key':'remediation:%s'}]}"
              .formatted(endpoint, tag));
    } catch (IllegalStateException _) {
      // It is there, though its reply was lost.
    }
    spared.putIfAbsent(endpoint, rig.time.instant());
  }

  private void notebooks(Sweeper sweeper) {
    sweeper.notebook("lab-1", "");
    sweeper.notebook("lab-2", "");
    rig.time.advance(Duration.ofHours(2));
    sweep(sweeper);
  }

  private void sweep(Sweeper sweeper) {
    sweeper.heartbeat("notebook-instance", "lab-1", -1, -90, "");
    sweeper.heartbeat("notebook-instance", "lab-2", -1, random.nextInt(4) == 0 ? -1 : -90, "");
    rig.start("sweep", Sweeper.schedule("notebook-instance"));
    rig.time.after(Duration.ofMinutes(15), () -> sweep(sweeper));
  }

  /** Lets this happen for certain, after so many minutes. */
  Storm surely(int minute, Consumer<Misfortunes> what) {
    rig.time.after(Duration.ofMinutes(minute), () -> what.accept(misfortunes));
    return this;
  }

  /** Lets it rage and calm down. */
  Storm play() {
    rig.reconcileEvery(Duration.ofMinutes(5));
    misfortunes.begin();
    rig.time.advance(Duration.between(rig.time.instant(), calm));
    rig.world.clearFaults();
    rig.mail = rig::publish;
    switches.calm(random.nextInt(5) == 0 ? "approve" : "auto");
    rig.time.advance(CALM);
    return this;
  }

  /** Something that is not possible in every state of the world. */
  static void attempt(Runnable what) {
    try {
      what.run();
    } catch (ApiError | StatesException | IllegalStateException _) {
      // Then it does not happen, or nobody hears of it.
    }
  }
}
