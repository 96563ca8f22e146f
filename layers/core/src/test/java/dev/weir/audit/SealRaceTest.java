package dev.weir.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.audit.AuditLog.Recorded;
import dev.weir.store.AuditTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A sealer between the requests of writers that have been slow, and writers between the requests of
 * the sealer: nothing is lost, nothing is written twice, and the chain is sound.
 */
class SealRaceTest {

  private static final int RUNS = 400;

  private final Lines lines = new Lines();

  /** What happens before each request of one side, drawn by chance. */
  private static final class Between implements Network {
    private final Random random;
    private Runnable act = () -> {};
    private boolean isActing;
    private int acts;

    Between(Random random) {
      this.random = random;
    }

    @Override
    public boolean request() {
      if (!isActing && random.nextInt(3) == 0) {
        isActing = true;
        act.run();
        acts++;
        isActing = false;
      }
      return true;
    }
  }

  /** One table, its clock and everything that was recorded in it. */
  private final class World {
    private final Random random;
    private final Time time = new Time();
    private final InMemoryDynamo dynamo = new InMemoryDynamo(time);
    private final AtomicInteger ids = new AtomicInteger();
    private final List<String> recorded = new ArrayList<>();
    private final Between beforeSealers;
    private final Between beforeWriters;
    private final Chains sealing;
    private final List<SegmentedLog> writers;

    World(long seed) {
      random = new Random(seed);
      beforeSealers = new Between(random);
      beforeWriters = new Between(random);
      sealing = chains(dynamo.through(beforeSealers));
      writers =
          List.of(
              new SegmentedLog(chains(dynamo.through(beforeWriters)), time, lines.log()),
              new SegmentedLog(chains(dynamo), time, lines.log()));
      beforeSealers.act = () -> write(1);
      beforeWriters.act = () -> chains(dynamo).sealAbandoned("acme");
    }

    private Chains chains(DynamoDbClient client) {
      return new Chains(
          new AuditTable(client, "audit"),
          Optional.empty(),
          time,
          () -> "s" + ids.incrementAndGet(),
          random);
    }

    void write(int writer) {
      String trace = "r" + recorded.size();
      recorded.add(trace);
      assertThat(writers.get(writer).record(Entries.of("acme", trace, random)))
          .isInstanceOf(Recorded.Written.class);
    }

    void step() {
      switch (random.nextInt(4)) {
        case 0 -> sealing.sealAbandoned("acme");
        case 1 -> time.pass(Duration.ofMinutes(random.nextInt(30)));
        default -> write(random.nextInt(2));
      }
    }
  }

  @Test
  void sealing_while_others_write_loses_nothing() {
    int between = 0;
    for (int run = 0; run < RUNS; run++) {
      World world = new World(run);
      for (int step = 0; step < 30; step++) {
        world.step();
      }
      world.beforeSealers.act = () -> {};
      world.writers.forEach(SegmentedLog::close);
      world.time.pass(Chains.OVERDUE.plusMinutes(1));
      world.sealing.sealAbandoned("acme");

      List<String> kept = new ArrayList<>();
      Report report =
          new Verifier(new AuditTable(world.dynamo, "audit"), world.time)
              .verify(
                  "acme",
                  new Verifier.Span(Instant.EPOCH, Instant.MAX),
                  Optional.empty(),
                  each -> kept.add(each.body().split("\"", 5)[3]));
      assertThat(report.flaw()).as("run %d", run).isEmpty();
      assertThat(report.open()).as("run %d", run).isZero();
      assertThat(kept).as("run %d", run).containsExactlyInAnyOrderElementsOf(world.recorded);
      between += world.beforeSealers.acts + world.beforeWriters.acts;
    }
    assertThat(lines.text()).doesNotContain("audit_foreign", "audit_lost");
    System.out.printf("sealing beside writers: %d runs, %d times in between%n", RUNS, between);
    assertThat(between).isGreaterThan(RUNS);
  }
}
