package dev.weir.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.Chains;
import dev.weir.audit.Report;
import dev.weir.audit.SegmentedLog;
import dev.weir.audit.Verifier;
import dev.weir.store.AuditTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class AuditSealTest {

  private static final Duration OVERDUE = Duration.ofMinutes(21);

  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final InstantSource clock = () -> now;
  private final InMemoryDynamo dynamo = new InMemoryDynamo(clock);
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, "tenants", clock, new Random(1));
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Log log =
      new Log(new PrintStream(lines, true, StandardCharsets.UTF_8), clock, "Weir", Map.of());
  private final AtomicInteger segments = new AtomicInteger();
  private final AuditSealHandler handler =
      new AuditSealHandler(Optional.of(chains(dynamo)), directory, log);

  private Chains chains(DynamoDbClient client) {
    return new Chains(
        new AuditTable(client, "audit"),
        Optional.empty(),
        clock,
        () -> "s" + segments.incrementAndGet(),
        new Random(1));
  }

  /** An environment that makes one decision and is gone. */
  private void decided(String chain) {
    SegmentedLog environment = new SegmentedLog(chains(dynamo), clock, log);
    environment.record(
        new AuditEntry(
            chain,
            "req_" + chain,
            now.toEpochMilli(),
            "key:k1",
            "chat",
            "m",
            "complete",
            Map.of()));
  }

  private void tenant(String id) {
    directory.create(id, Limits.NONE, EstimateMode.TOKENS);
    decided(id);
  }

  private void scheduled(AuditSealHandler sealing) throws IOException {
    try (var event = Files.newInputStream(Path.of("../../events/audit-seal.json"))) {
      sealing.handleRequest(event, OutputStream.nullOutputStream(), new OneSecond());
    }
  }

  private Report verified(String chain) {
    return new Verifier(new AuditTable(dynamo, "audit"), clock)
        .verify(chain, new Verifier.Span(Instant.EPOCH, Instant.MAX), Optional.empty(), _ -> {});
  }

  @Test
  void what_environments_that_are_gone_left_open_is_sealed_in_every_chain() throws IOException {
    for (int tenant = 0; tenant < 250; tenant++) {
      tenant("t" + tenant);
    }
    decided(AuditEntry.ADMIN);
    now = now.plus(OVERDUE);
    assertThat(verified("t7").flaw()).as("until then").isPresent();

    scheduled(handler);

    for (String chain : new String[] {"t0", "t7", "t99", "t100", "t249", AuditEntry.ADMIN}) {
      assertThat(verified(chain).flaw()).as(chain).isEmpty();
      assertThat(verified(chain).open()).as(chain).isZero();
      assertThat(verified(chain).entries()).as(chain).isEqualTo(1);
    }
  }

  @Test
  void sealing_again_changes_nothing() throws IOException {
    tenant("acme");
    now = now.plus(OVERDUE);
    scheduled(handler);
    Report once = verified("acme");

    scheduled(handler);
    now = now.plus(OVERDUE);
    scheduled(handler);

    assertThat(verified("acme")).isEqualTo(once);
  }

  @Test
  void a_segment_that_may_still_be_written_stays_open() throws IOException {
    tenant("acme");
    now = now.plus(Chains.LIFE);

    scheduled(handler);

    assertThat(verified("acme").open()).isOne();
  }

  @Test
  void a_chain_that_fails_is_told_and_holds_up_no_other() throws IOException {
    tenant("acme");
    tenant("globex");
    now = now.plus(OVERDUE);
    AtomicInteger requests = new AtomicInteger();
    InMemoryDynamo failing =
        dynamo.through(
            new Network() {
              @Override
              public boolean request() {
                // @admin's head, then the first attempts at acme's.
                int number = requests.incrementAndGet();
                return number < 2 || number > 3;
              }
            });

    scheduled(new AuditSealHandler(Optional.of(chains(failing)), directory, log));

    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("audit_unsealed", "\"chain\":\"acme\"", "weir.audit.failures");
    assertThat(verified("acme").open()).isOne();
    assertThat(verified("globex").open()).isZero();
    scheduled(handler);
    assertThat(verified("acme").open()).isZero();
  }

  @Test
  void where_nothing_is_audited_nothing_is_asked() throws IOException {
    directory.create("acme", Limits.NONE, EstimateMode.TOKENS);

    scheduled(new AuditSealHandler(Optional.empty(), directory, log));

    assertThat(dynamo.keys("audit")).isEmpty();
  }
}
