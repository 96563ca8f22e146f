package dev.weir.admission;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** One simulated Lambda environment: a clock, a network to the table, and a limiter on top. */
final class Environment implements Network {

  /** Makes what an environment runs. */
  interface Program {
    Admission start(DynamoDbClient client, InstantSource clock, VirtualTime truth);
  }

  private static final double MEDIAN_MICROS = 2_000;
  private static final long DELAY = 800_000;
  private static final long LATE = 20_000_000;

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Faults faults;
  private final Program program;
  private final DynamoDbClient client;
  private final InstantSource clock;
  private final long timeout;
  private Admission admission;

  private long began;
  private int trips;
  private int reads;
  private OptionalLong changed = OptionalLong.empty();

  Environment(
      VirtualTime time,
      RandomGenerator random,
      Faults faults,
      Duration timeout,
      InstantSource clock,
      InMemoryDynamo dynamo,
      Program program) {
    this.time = time;
    this.random = random;
    this.faults = faults;
    this.timeout = timeout.toMillis() * 1000;
    this.program = program;
    this.client = dynamo.through(this);
    this.clock = clock;
    this.admission = program.start(client, clock, time);
  }

  /** Throws away everything the environment has learnt. */
  void restart() {
    admission = program.start(client, clock, time);
  }

  /** The limiter, its trips and changes counted from now. */
  Admission admission() {
    trips = 0;
    reads = 0;
    changed = OptionalLong.empty();
    return admission;
  }

  /** Attempts since {@link #admission()}. */
  int trips() {
    return trips;
  }

  /** Reads since {@link #admission()}: an environment without a view makes one. */
  int reads() {
    return reads;
  }

  /** When an update since {@link #admission()} first took effect, if one did. */
  OptionalLong changed() {
    return changed;
  }

  /** The same, if it was before the caller of the last request had given up. */
  OptionalLong changedInTime() {
    return changed.stream().filter(at -> at - began <= timeout).findFirst();
  }

  @Override
  public void begin() {
    began = time.micros();
  }

  @Override
  public boolean request() {
    trips++;
    if (random.nextDouble() < faults.late()) {
      time.sleep(random.nextLong(LATE));
      return true;
    }
    boolean arrives = travel() && random.nextDouble() >= faults.throttled();
    return arrives;
  }

  @Override
  public void carriedOut(SdkRequest request, boolean held) {
    if (request instanceof GetItemRequest) {
      reads++;
    }
    if (held && request instanceof UpdateItemRequest && changed.isEmpty()) {
      changed = OptionalLong.of(time.micros());
    }
  }

  @Override
  public boolean reply() {
    if (random.nextDouble() < faults.lost()) {
      time.sleep(timeout * 9 / 20);
      return false;
    }
    return travel() || faults.late() > 0;
  }

  /** One way; nothing arrives after the caller's time-out. */
  private boolean travel() {
    double delay = random.nextDouble() < faults.delayed() ? random.nextDouble() * DELAY : 0;
    long way = (long) (MEDIAN_MICROS * Math.exp(random.nextGaussian() * 0.5) + delay);
    long left = began + timeout - time.micros();
    time.sleep(Math.max(0, Math.min(way, left)));
    return way <= left;
  }
}
