package dev.weir.e2e.limiter;

import dev.weir.admission.Admission;
import dev.weir.admission.FixedWindowAdmission;
import dev.weir.admission.LimiterSettings;
import dev.weir.admission.TenantLimiter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * One process of the fleet: a limiter with a clock of its own error. It waits for the start in
 * epoch milliseconds on its standard input, calls until the run is over or the input closes, and
 * writes each step to a file at once, so that a kill loses nothing but the last line.
 *
 * <p>First all processes share a paced tenant; then they fight for a scarce one with a rolling
 * limit and for one whose limits are cut over several items, while bursts at the edges of the
 * window meet a fixed-window limiter.
 */
final class Worker {

  static final Duration WINDOW = Duration.ofSeconds(6);
  static final LimiterSettings SETTINGS =
      LimiterSettings.of(
          WINDOW, Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofMillis(2500));
  static final int PROCESSES = 8;
  static final long REQUESTS = 30;
  static final long FIXED_REQUESTS = 6;
  static final long TOKENS = 8_000;
  static final Duration PACED = Duration.ofSeconds(8);
  static final Duration RUN = Duration.ofSeconds(28);

  private static final double CRASHES = 0.2;
  private static final double LOST_REPLIES = 0.03;
  private static final int PACE_MILLIS = 667;

  /** What to run as. */
  record Arguments(
      URI endpoint,
      Path file,
      int number,
      String paced,
      String rolling,
      String sharded,
      String fixed) {

    static Arguments of(String[] args) {
      return new Arguments(
          URI.create(args[0]),
          Path.of(args[1]),
          Integer.parseInt(args[2]),
          args[3],
          args[4],
          args[5],
          args[6]);
    }

    String[] texts() {
      return new String[] {
        endpoint.toString(),
        file.toString(),
        Integer.toString(number),
        paced,
        rolling,
        sharded,
        fixed
      };
    }
  }

  private final Arguments arguments;
  private final InstantSource clock;
  private final Meter meter = new Meter();
  private final DynamoDbClient sound;
  private final DynamoDbClient lossy;

  private Worker(Arguments arguments) {
    Duration error = SETTINGS.clockError();
    Duration skew = arguments.number() % 2 == 0 ? error : error.negated();
    this.arguments = arguments;
    this.clock = () -> Instant.now().plus(skew);
    this.sound = client(http -> http);
    this.lossy = client(AlteredReplies.lost(LOST_REPLIES));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    new Worker(Arguments.of(args)).run(input);
    System.exit(0);
  }

  private DynamoDbClient client(UnaryOperator<SdkHttpClient> wire) {
    return meter.on(
        DynamoDbProcess.dynamoDb(arguments.endpoint(), wire).limiter(SETTINGS.timeout()));
  }

  private void run(BufferedReader input) throws IOException, InterruptedException {
    Admission rolling = new TenantLimiter(lossy, DynamoDbProcess.TABLE, clock, SETTINGS);
    Admission paced = new TenantLimiter(sound, DynamoDbProcess.TABLE, clock, SETTINGS);
    Admission sharded = new TenantLimiter(lossy, DynamoDbProcess.TABLE, clock, SETTINGS);
    Admission fixed =
        new FixedWindowAdmission(sound, DynamoDbProcess.TABLE, clock, WINDOW, FIXED_REQUESTS);
    warm(paced, "paced");
    warm(rolling, "rolling");
    warm(sharded, "sharded");
    System.out.println("READY");
    String go = input.readLine();
    if (go == null) {
      return;
    }
    long start = Long.parseLong(go);
    endWith(input);
    Thread first =
        Thread.ofPlatform()
            .start(() -> {
              pace(caller("paced", arguments.paced(), paced, 0), start);
              saturate(caller("rolling", arguments.rolling(), rolling, CRASHES), start);
            });
    Thread second =
        Thread.ofPlatform().start(() -> burst(caller("fixed", arguments.fixed(), fixed, 0), start));
    Thread third =
        Thread.ofPlatform()
            .start(() -> {
              Caller.sleep(start + PACED.toMillis() - System.currentTimeMillis());
              saturate(caller("sharded", arguments.sharded(), sharded, CRASHES), start);
            });
    first.join();
    second.join();
    third.join();
  }

  private static void warm(Admission admission, String tenant) {
    while (admission.tenant(tenant).isEmpty()) {
      Caller.sleep(500);
    }
  }

  private Caller caller(String tenant, String key, Admission admission, double crashes) {
    String prefix = tenant.substring(0, 1) + arguments.number() + "-";
    return new Caller(tenant, key, admission, meter, arguments.file(), prefix, crashes);
  }

  /** Nobody is left behind when the test goes away. */
  private static void endWith(BufferedReader input) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (input.readLine() != null) {
              continue;
            }
          } catch (IOException closed) {
            // As good as an end.
          }
          Runtime.getRuntime().halt(1);
        });
  }

  private void pace(Caller caller, long start) {
    long next = start + (long) arguments.number() * PACE_MILLIS / PROCESSES;
    while (next < start + PACED.toMillis()) {
      Caller.sleep(next - System.currentTimeMillis());
      caller.call(50);
      next += PACE_MILLIS;
    }
  }

  private void saturate(Caller caller, long start) {
    Random random = new Random(arguments.number());
    while (System.currentTimeMillis() < start + RUN.toMillis()) {
      Caller.sleep(random.nextInt(200));
      caller.call(300);
    }
  }

  /**
   * As many calls as the limit on either side of each edge of the window, by any worker's clock.
   */
  private static void burst(Caller caller, long start) {
    for (long edge = start + 2 * WINDOW.toMillis();
        edge < start + RUN.toMillis();
        edge += WINDOW.toMillis()) {
      for (long from : new long[] {edge - 700, edge + 250}) {
        Caller.sleep(from - System.currentTimeMillis());
        while (System.currentTimeMillis() < from + 450) {
          caller.call(20);
        }
      }
    }
  }
}
