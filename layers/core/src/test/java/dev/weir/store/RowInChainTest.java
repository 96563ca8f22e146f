package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog.Recorded;
import dev.weir.audit.Chains;
import dev.weir.audit.Report;
import dev.weir.audit.SegmentedLog;
import dev.weir.audit.Verifier;
import dev.weir.ledger.Booked;
import dev.weir.ledger.Cost;
import dev.weir.ledger.GuardMark;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.RetrievalMark;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.telemetry.Log;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row and its audit entry as one item of the ledger table. */
class RowInChainTest {

  private static final String LEDGER = "ledger";
  private static final LocalDate DAY = LocalDate.parse("2026-12-30");

  /** A way to the store that counts, and on which replies can be lost. */
  private static final class Way implements Network {
    private final AtomicInteger carriedOut = new AtomicInteger();
    private boolean isMute;
    private boolean isDeaf;

    @Override
    public boolean request() {
      return !isDeaf;
    }

    @Override
    public void carriedOut(SdkRequest request, boolean held) {
      carriedOut.incrementAndGet();
    }

    @Override
    public boolean reply() {
      return !isMute;
    }
  }

  private Instant now = Instant.parse("2026-12-30T23:50:00Z");
  private final InstantSource clock = () -> now;
  private final InMemoryDynamo dynamo = new InMemoryDynamo(clock);
  private final Way way = new Way();
  private final AtomicInteger segments = new AtomicInteger();
  private final LedgerTable ledger =
      new LedgerTable(dynamo.through(way), LEDGER, Duration.ofDays(1));
  private final SegmentedLog log =
      new SegmentedLog(
          new Chains(
              new AuditTable(dynamo.through(way), LEDGER),
              Optional.of(Duration.ofDays(400)),
              clock,
              () -> "s" + segments.incrementAndGet(),
              new Random(1)),
          clock,
          new Log(new PrintStream(PrintStream.nullOutputStream()), clock, "", Map.of()));

  private LedgerRow row(String requestId) {
    LedgerRow.Hop lost = new LedgerRow.Hop("vendor.m", "stalled", 900, new Cost(4), Usage.of(2, 0));
    LedgerRow.Hop won = new LedgerRow.Hop("us.m", "complete", 5, new Cost(6), Usage.of(2, 3));
    return new LedgerRow(
        "acme",
        "k1",
        requestId,
        Optional.of("Root=1-\"x\"\nüñ"),
        "m",
        "vendor.m",
        true,
        "complete",
        Optional.of("stop"),
        Usage.of(2, 3),
        Usage.of(2, 3),
        false,
        new Cost(10),
        "vendor.m",
        "2026-11-01",
        List.of(lost, won),
        now.toEpochMilli(),
        7,
        new GuardMark("baseline@1", "clean", 0, Cost.ZERO),
        Optional.of(
            new RetrievalMark(
                "kb@1",
                "used",
                "all",
                List.of(new RetrievalMark.Document("d1", 0.87)),
                12,
                new Cost(3))),
        new Savings(-7, 5),
        Optional.of("small"));
  }

  private static AuditEntry entry(LedgerRow row) {
    return new AuditEntry(
        "acme",
        row.requestId(),
        row.atMillis(),
        "key:k1",
        "chat",
        "m",
        row.outcome(),
        Map.of("config", "3"),
        Optional.of(LedgerItem.audited(row)));
  }

  private Recorded.Written written(LedgerRow row) {
    return (Recorded.Written) log.record(entry(row));
  }

  private List<Booked> booked(LocalDate day) {
    List<Booked> read = new ArrayList<>();
    ledger.read("acme", day, read::add);
    return read;
  }

  private Report verified() {
    return new Verifier(new AuditTable(dynamo, LEDGER), clock)
        .verify("acme", new Verifier.Span(Instant.EPOCH, Instant.MAX), Optional.empty(), _ -> {});
  }

  private Map<String, AttributeValue> item(String segment, int place) {
    return dynamo.item(LEDGER, "acme#" + DAY, segment + "#%010d".formatted(place));
  }

  @Test
  void a_row_and_its_entry_are_one_write_and_one_item() {
    written(row("req_0"));
    way.carriedOut.set(0);

    Recorded.Written second = written(row("req_1"));

    assertThat(way.carriedOut).hasValue(1);
    assertThat(second.hasRow()).isTrue();
    assertThat(item(second.segment(), 1))
        .containsKeys("body", "hash", "prev", "costPicoUsd", "hops", "retrieval")
        .containsEntry("request", AttributeValue.fromS("req_1"));
    assertThat(verified().flaw()).isEmpty();
  }

  @Test
  void a_row_is_read_from_its_entry_as_it_is_read_from_an_item_of_its_own() {
    LedgerRow row = row("req_1");
    written(row);
    List<Booked> inChain = booked(DAY);
    new LedgerTable(dynamo, "alone", Duration.ofDays(1)).write(row);
    List<Booked> alone = new ArrayList<>();
    new LedgerTable(dynamo, "alone", Duration.ofDays(1)).read("acme", DAY, alone::add);

    assertThat(inChain).hasSize(1).isEqualTo(alone);
  }

  @Test
  void any_change_of_a_row_is_found() {
    written(row("req_0"));
    Recorded.Written written = written(row("req_1"));
    Map<String, AttributeValue> item = item(written.segment(), 1);
    List<String> names = new ArrayList<>(item.keySet());
    names.removeAll(List.of("pk", "sk"));
    for (String name : names) {
      Map<String, AttributeValue> without = new HashMap<>(item);
      without.remove(name);
      put(without);
      assertThat(verified().flaw()).as("without %s", name).isPresent();
      Map<String, AttributeValue> other = new HashMap<>(item);
      other.put(name, AttributeValue.fromL(List.of()));
      put(other);
      assertThat(verified().flaw()).as("another %s", name).isPresent();
    }
    put(item);
    assertThat(verified().flaw()).isEmpty();
    assertThat(names).hasSizeGreaterThan(25);
  }

  private void put(Map<String, AttributeValue> item) {
    dynamo.putItem(put -> put.tableName(LEDGER).item(item));
  }

  @Test
  void a_row_whose_entry_waits_is_an_item_of_its_own_and_is_counted_once() {
    written(row("req_0"));
    LedgerRow row = row("req_1");
    way.isMute = true;
    assertThat(log.record(entry(row))).isEqualTo(new Recorded.Waiting());
    way.isMute = false;
    assertThat(ledger.writeApart(row)).isEqualTo(Ledger.Entry.WRITTEN);
    assertThat(booked(DAY)).hasSize(2);

    written(row("req_2"));
    assertThat(booked(DAY)).hasSize(3);
    assertThat(verified().entries()).isEqualTo(3);
    assertThat(verified().flaw()).isEmpty();
  }

  @Test
  void a_row_of_the_day_before_is_not_taken_into_today_s_segment() {
    LedgerRow late = row("req_1");
    now = now.plus(Duration.ofMinutes(11));

    Recorded.Written written = written(late);
    assertThat(written.hasRow()).isFalse();
    ledger.writeApart(late);

    assertThat(booked(DAY)).hasSize(1);
    assertThat(booked(DAY.plusDays(1))).isEmpty();
    assertThat(verified().entries()).isOne();
  }

  @Test
  void a_new_day_begins_a_new_segment_so_that_rows_are_billed_on_their_day() {
    Recorded.Written before = written(row("req_1"));
    now = now.plus(Duration.ofMinutes(11));
    Recorded.Written after = written(row("req_2"));

    assertThat(after.hasRow()).isTrue();
    assertThat(List.of(before.segment(), after.segment()))
        .containsExactly("2026-12-30.s1", "2026-12-31.s2");
    assertThat(booked(DAY)).hasSize(1);
    assertThat(booked(DAY.plusDays(1))).hasSize(1);
    assertThat(verified().flaw()).isEmpty();
  }

  @Test
  void a_row_that_waited_over_midnight_is_counted_on_its_own_day_once() {
    written(row("req_0"));
    LedgerRow row = row("req_1");
    way.isDeaf = true;
    assertThat(log.record(entry(row))).isEqualTo(new Recorded.Waiting());
    way.isDeaf = false;
    ledger.writeApart(row);
    now = now.plus(Duration.ofHours(1));
    written(row("req_2"));

    assertThat(booked(DAY)).hasSize(2);
    assertThat(booked(DAY.plusDays(1))).hasSize(1);
    assertThat(verified().entries()).isEqualTo(3);
    assertThat(verified().flaw()).isEmpty();
  }

  @Test
  void rows_and_entries_of_several_environments_are_read_over_all_pages() {
    for (int i = 0; i < 7; i++) {
      written(row("req_a" + i));
      ledger.writeApart(row("req_b" + i));
      ledger.writeApart(row("req_a" + i));
    }
    log.close();

    assertThat(booked(DAY)).hasSize(14);
  }
}
