package dev.weir.e2e.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import dev.weir.store.TenantTable;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Eight processes with fast and slow clocks against one table, with lost replies, crashed calls and
 * a killed process. Judged by what the processes wrote down and by nothing the limiter thinks.
 * Windows last 6 s instead of 60.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyProcessesIT {

  private static final Duration KILL_AT = Duration.ofSeconds(16);
  private static final int VICTIM = 3;
  private static final int SHARDS = 4;

  private final List<Process> processes = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private DynamoDbProcess database;
  private DynamoDbClient client;

  @BeforeAll
  void run(@TempDir Path folder) throws IOException, InterruptedException {
    database = DynamoDbProcess.start();
    client =
        DynamoDbProcess.dynamoDb(database.endpoint(), http -> http).limiter(Duration.ofSeconds(30));
    TenantDirectory directory =
        TenantDirectory.of(
            client, DynamoDbProcess.TABLE, InstantSource.system(), new SecureRandom());
    String paced = create(directory, "paced", limits(150, 1_000_000));
    String rolling = create(directory, "rolling", limits(Worker.REQUESTS, Worker.TOKENS));
    // Limits too small to be cut may follow once they are.
    String sharded = create(directory, "sharded", limits(600, 1_000_000));
    assertThat(directory.changeShards("sharded", SHARDS)).isTrue();
    assertThat(directory.changeLimits("sharded", limits(Worker.REQUESTS, Worker.TOKENS))).isTrue();
    String fixed = create(directory, "fixed", Limits.NONE);
    for (int number = 0; number < Worker.PROCESSES; number++) {
      processes.add(launch(folder, number, paced, rolling, sharded, fixed));
    }
    for (Process process : processes) {
      assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("READY");
    }
    long window = Worker.WINDOW.toMillis();
    long start = Math.ceilDiv(System.currentTimeMillis() + 500, window) * window;
    for (Process process : processes) {
      go(process, start);
    }
    Thread.sleep(start + KILL_AT.toMillis() - System.currentTimeMillis());
    processes.get(VICTIM).destroyForcibly();
    Process replacement = launch(folder, Worker.PROCESSES, paced, rolling, sharded, fixed);
    processes.add(replacement);
    go(replacement, start);
    for (Process process : processes) {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    }
  }

  @AfterAll
  void stop() throws IOException {
    processes.forEach(Process::destroyForcibly);
    client.close();
    database.close();
  }

  @Test
  void no_rolling_window_holds_more_than_the_limits() throws IOException {
    Trace trace = Trace.read(files, "rolling");
    Trace.Worst worst = trace.worst(Worker.WINDOW);
    System.out.printf(
        "many processes: rolling: %d admitted, %d denied, %d unavailable, worst certain 6 s %d/%d"
            + " requests, %d/%d tokens, %.2f round trips per admission%n",
        trace.admitted(),
        trace.denied(),
        trace.unavailable(),
        worst.requests(),
        Worker.REQUESTS,
        worst.tokens(),
        Worker.TOKENS,
        trace.requestsPerAdmission());

    assertThat(worst.requests()).isLessThanOrEqualTo(Worker.REQUESTS);
    assertThat(worst.tokens()).isLessThanOrEqualTo(Worker.TOKENS);
    assertThat(trace.admitted()).isGreaterThan(Worker.REQUESTS);
    assertThat(trace.denied()).isPositive();
  }

  /** C45: the items of a sharded tenant have no common order, so only times judge it. */
  @Test
  void no_rolling_window_holds_more_than_the_limits_over_all_items_of_a_sharded_tenant()
      throws IOException {
    Trace trace = Trace.read(files, "sharded");
    Trace.Worst worst = trace.worstByTimes(Worker.WINDOW);
    System.out.printf(
        "many processes: sharded: %d admitted, %d denied, %d unavailable, worst certain 6 s %d/%d"
            + " requests, %d/%d tokens on %d items%n",
        trace.admitted(),
        trace.denied(),
        trace.unavailable(),
        worst.requests(),
        Worker.REQUESTS,
        worst.tokens(),
        Worker.TOKENS,
        SHARDS);

    assertThat(worst.requests()).isLessThanOrEqualTo(Worker.REQUESTS);
    assertThat(worst.tokens()).isLessThanOrEqualTo(Worker.TOKENS);
    assertThat(trace.admitted()).isGreaterThan(Worker.REQUESTS);
    assertThat(trace.denied()).isPositive();
    TenantTable table = new TenantTable(client, DynamoDbProcess.TABLE);
    for (int shard = 0; shard < SHARDS; shard++) {
      Item item = table.tenant(TenantItem.id("sharded", shard)).item().orElseThrow();
      assertThat(item.number("bl")).as("spent on item %d", shard).isPositive();
    }
  }

  @Test
  void the_same_judge_catches_a_fixed_window() throws IOException {
    Trace.Worst worst = Trace.read(files, "fixed").worst(Worker.WINDOW);
    assertThat(Trace.read(files, "fixed").worstByTimes(Worker.WINDOW).requests())
        .isGreaterThan(Worker.FIXED_REQUESTS);
    System.out.printf(
        "many processes: fixed window (must fail): worst certain 6 s %d/%d requests%n",
        worst.requests(), Worker.FIXED_REQUESTS);

    assertThat(worst.requests()).isGreaterThan(Worker.FIXED_REQUESTS);
  }

  @Test
  void the_budget_is_off_by_exactly_what_was_leaked() throws IOException {
    Trace trace = Trace.read(files, "rolling");
    Item item =
        new TenantTable(client, DynamoDbProcess.TABLE).tenant("rolling").item().orElseThrow();
    Set<String> leases = item.map("res").names();
    long leaked = leases.stream().mapToLong(trace::reservedMoney).sum();
    long settled = trace.settledMoney(leases);
    System.out.printf(
        "many processes: budget %d - settled %d = leaked %d micro-USD of %d calls%n",
        item.number("bl"), settled, leaked, leases.size());

    assertThat(item.number("bl") - settled).isEqualTo(leaked);
    assertThat(leaked).isPositive();
  }

  @Test
  void a_warm_environment_admits_in_one_round_trip() throws IOException {
    Trace trace = Trace.read(files, "paced");
    System.out.printf(
        "many processes: paced: %d admitted, %d denied, %.3f round trips per admission%n",
        trace.admitted(), trace.denied(), trace.requestsPerAdmission());

    assertThat(trace.denied()).isZero();
    assertThat(trace.requestsPerAdmission()).isBetween(1.0, 1.02);
  }

  private static String create(TenantDirectory directory, String tenant, Limits limits) {
    directory.create(tenant, limits, EstimateMode.TOKENS);
    return directory.issueKey(tenant, Set.of(), Optional.empty()).orElseThrow().keyId();
  }

  private static Limits limits(long requests, long tokens) {
    OptionalLong none = OptionalLong.empty();
    return new Limits(OptionalLong.of(requests), OptionalLong.of(tokens), none, none, none, none);
  }

  private Process launch(
      Path folder, int number, String paced, String rolling, String sharded, String fixed)
      throws IOException {
    Path file = folder.resolve("worker-" + number + ".csv");
    files.add(file);
    Worker.Arguments arguments =
        new Worker.Arguments(database.endpoint(), file, number, paced, rolling, sharded, fixed);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        Stream.concat(
                Stream.of(
                    DynamoDbProcess.java(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx96m",
                    "-cp",
                    classPath,
                    Worker.class.getName()),
                Stream.of(arguments.texts()))
            .toList();
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void go(Process process, long start) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(start + "\n").flush();
  }
}
