package dev.weir.inference;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Ids;
import dev.weir.guard.GuardrailRef;
import dev.weir.idempotency.Idempotency;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Switches;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.route.ModelCatalog;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.store.ResponseTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What every door on fakes stands on: a remembering limiter, ledger and audit, a fake DynamoDB. */
abstract class DoorStack {

  static final Path CATALOG = Path.of("src/test/resources/catalog");

  static final ScheduledExecutorService SCHEDULER =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());

  final FakeAdmission limiter = new FakeAdmission();
  final Rows ledger = new Rows();
  final Audited audit = new Audited();
  final Map<String, String> captured = new ConcurrentHashMap<>();
  final Switches switches =
      new Switches(new SwitchTable(new InMemoryDynamo(Clock.systemUTC()), "tenants"));
  final List<Client.Reply> replies = new CopyOnWriteArrayList<>();
  final AtomicInteger storeRequests = new AtomicInteger();
  volatile boolean captureBroken;

  private final AtomicLong ahead = new AtomicLong();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private volatile boolean responsesBroken;

  final InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
  final Log log =
      new Log(
          new PrintStream(logged, true, StandardCharsets.UTF_8),
          clock,
          "Weir",
          Map.of("environment", "dev"));
  final InMemoryDynamo dynamo =
      new InMemoryDynamo(clock)
          .through(
              new Network() {
                @Override
                public void begin() {
                  storeRequests.incrementAndGet();
                }

                @Override
                public boolean request() {
                  return !responsesBroken;
                }
              });
  final ResponseTable responses = new ResponseTable(dynamo, "responses", catalog().longestStale());
  final KillSwitch killSwitch = new KillSwitch(switches, List::of, clock, SCHEDULER, log);
  final InputGuard guard =
      new InputGuard(catalog().guards(), Optional.of(new GuardrailRef("gr", "1")));
  final RequestLines lines = new RequestLines(clock, log);
  final Records records =
      new Records(ledger, audit, limiter, new CatalogDigest(CATALOG), quotas(log));
  final Reservations reservations = new Reservations(limiter, Ids.calls(new SecureRandom()));
  final Refusals refusals = new Refusals(reservations, lines, records);
  final Gate gate =
      new Gate(killSwitch, new Idempotency(responses, Duration.ofHours(24), clock, log), refusals);
  final Captures captures =
      new Captures(
          Optional.of((key, json) -> {
            if (captureBroken) {
              throw new IOException("no bucket");
            }
            captured.put(key, new String(json, StandardCharsets.UTF_8));
          }),
          limiter,
          clock);

  /** An audit log that is a list. */
  static final class Audited implements AuditLog {
    final List<AuditEntry> entries = new CopyOnWriteArrayList<>();
    volatile boolean takesRows;
    final List<String> counted = new CopyOnWriteArrayList<>();

    @Override
    public Recorded record(AuditEntry entry) {
      entries.add(entry);
      return new Recorded.Written("seg", entries.size() - 1L, "hash", takesRows);
    }

    @Override
    public void refused(String chain, String code) {
      counted.add(chain + " " + code);
    }

    @Override
    public void close() {}
  }

  /** A ledger that is a list. */
  static final class Rows implements Ledger {
    final List<LedgerRow> rows = new CopyOnWriteArrayList<>();

    @Override
    public Entry write(LedgerRow row) {
      rows.add(row);
      return Entry.WRITTEN;
    }

    @Override
    public Entry writeApart(LedgerRow row) {
      return write(row);
    }

    LedgerRow only() {
      if (rows.size() != 1) {
        throw new AssertionError("expected one ledger row, got " + rows);
      }
      return rows.getFirst();
    }
  }

  /** A flow, as its handler calls it. */
  interface Flow {
    void serve(Exchange exchange, int remainingMillis) throws IOException;
  }

  final Door door(Flow flow) {
    return new Door(log, Ids.requests(new SecureRandom())) {
      @Override
      protected void serve(Exchange exchange, int remainingMillis) throws IOException {
        flow.serve(exchange, remainingMillis);
      }
    };
  }

  /** Lets time pass. */
  final void later(Duration time) {
    ahead.addAndGet(time.toMillis());
  }

  /** From now on nothing reaches the table of responses. */
  final void breakResponses() {
    responsesBroken = true;
  }

  final String logged() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  static QuotaUse quotas(Log log) {
    return new QuotaUse(catalog().capacities(), log);
  }

  static ModelCatalog catalog() {
    return ModelCatalog.read(CATALOG);
  }
}
