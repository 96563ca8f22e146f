package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog.Recorded;
import dev.weir.audit.Chains;
import dev.weir.audit.Flaw;
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
import java.nio.charset.StandardCharsets;
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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row and its audit entry as one item of the ledger table. */
class RowInChainTest {

  private static final String LEDGER = "ledger";
  private static final LocalDate DAY = LocalDate.parse("2026-12-30");

  private Instant now = Instant.parse("2026-12-30T23:50:00Z");
  private final InstantSource clock = () -> now;
  private final InMemoryDynamo dynamo = new InMemoryDynamo(clock);
  private final Cable way = new Cable();
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

  /** A plain call of a tenant with ids as long as they get, by the names AWS gives its models. */
  private static AuditEntry ordinary(Instant at) {
    String model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    LedgerRow row =
        new LedgerRow(
            "payments-platform-production",
            "k_7f3a9c2e41",
            "req_lvc0xq6vy74r2xts6z7bermb",
            Optional.of("Root=1-67891233-abcdef012345678912345678"),
            "claude-sonnet-4-5",
            model,
            true,
            "complete",
            Optional.of("stop"),
            Usage.of(123_456, 12_345),
            Usage.of(123_456, 12_345),
            false,
            new Cost(555_543_000_000L),
            model,
            "2026-11-01",
            List.of(
                new LedgerRow.Hop(
                    model, "complete", 12_345, new Cost(1), Usage.of(123_456, 12_345))),
            at.toEpochMilli(),
            12_345,
            new GuardMark("baseline@3f9a1b2c", "allowed", 0, Cost.ZERO),
            Optional.empty(),
            Savings.NONE,
            Optional.empty());
    return new AuditEntry(
        row.tenantId(),
        row.requestId(),
        row.atMillis(),
        "key:" + row.keyId(),
        "chat",
        row.model(),
        row.outcome(),
        Map.of(
            "request", "9".repeat(64),
            "catalog", "3f9a1b2c4d5e6f70",
            "config", "1795362257"),
        Optional.of(LedgerItem.audited(row)));
  }

  /** By DynamoDB's rules: UTF-8 of names and values, two digits a byte, 3 and 1 for nesting. */
  private static long bytes(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToLong(each -> each.getKey().length() + bytes(each.getValue()))
        .sum();
  }

  private static long bytes(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().getBytes(StandardCharsets.UTF_8).length;
      case N -> value.n().length() / 2 + 2;
      case M -> 3 + value.m().size() + bytes(value.m());
      default -> 1;
    };
  }

  @Test
  void an_ordinary_call_s_item_is_one_write_unit() {
    log.record(ordinary(now));
    Recorded.Written second = (Recorded.Written) log.record(ordinary(now));

    long size =
        bytes(
            dynamo.item(
                LEDGER, "payments-platform-production#" + DAY, second.segment() + "#0000000001"));
    System.out.printf("ledger: an ordinary call's item has %d bytes%n", size);
    assertThat(size).isLessThanOrEqualTo(1_024);
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
    assertThat(names).hasSizeGreaterThan(20);
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
  void a_row_of_the_day_before_is_covered_by_the_chain_and_billed_on_its_own_day() {
    LedgerRow late = row("req_1");
    now = now.plus(Duration.ofMinutes(11));

    Recorded.Written written = written(late);
    assertThat(written.hasRow()).isFalse();
    ledger.writeApart(late);

    assertThat(booked(DAY)).hasSize(1);
    assertThat(booked(DAY.plusDays(1))).isEmpty();
    assertThat(dynamo.item(LEDGER, "acme#2026-12-31", written.segment() + "#0000000000"))
        .containsKey("costPicoUsd");
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

  private Map<String, AttributeValue> byItself(Map<String, AttributeValue> chained, long picoUsd) {
    Map<String, AttributeValue> item = new HashMap<>(chained);
    item.keySet().removeAll(List.of("prev", "body", "hash"));
    item.put("sk", AttributeValue.fromS("req_1"));
    item.put("costPicoUsd", AttributeValue.fromN(Long.toString(picoUsd)));
    return item;
  }

  @Test
  void a_row_by_itself_that_is_not_its_entry_s_is_found_and_never_billed() {
    Recorded.Written written = written(row("req_1"));
    Map<String, AttributeValue> forged = byItself(item(written.segment(), 0), 0);
    forged.put("apart", AttributeValue.fromBool(true));
    put(forged);

    assertThat(booked(DAY))
        .singleElement()
        .satisfies(row -> assertThat(row.cost().picoUsd()).isEqualTo(10));
    assertThat(verified().flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.EDITED);
    assertThat(verified().flaw().orElseThrow().why()).contains("req_1");
  }

  @Test
  void a_span_that_ends_with_a_day_finds_the_entries_of_its_last_calls() {
    written(row("req_0"));
    LedgerRow late = row("req_1");
    now = now.plus(Duration.ofMinutes(11));
    written(late);
    ledger.writeApart(late);

    Report report =
        new Verifier(new AuditTable(dynamo, LEDGER), clock)
            .verify(
                "acme",
                new Verifier.Span(Instant.EPOCH, Instant.parse("2026-12-30T23:59:59Z")),
                Optional.empty(),
                _ -> {});
    assertThat(report.flaw()).isEmpty();
  }

  @Test
  void a_row_that_no_entry_vouches_for_is_found() {
    Recorded.Written written = written(row("req_0"));
    put(byItself(item(written.segment(), 0), 5_000_000));

    assertThat(verified().flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.UNVOUCHED);
    assertThat(verified().flaw().orElseThrow().why()).startsWith("1 ledger rows").contains("req_1");
  }

  @Test
  void a_segment_that_no_link_opens_is_found() {
    Recorded.Written written = written(row("req_0"));
    Map<String, AttributeValue> item = new HashMap<>(item(written.segment(), 0));
    item.put("sk", AttributeValue.fromS(DAY + ".forged#0000000000"));
    put(item);

    assertThat(verified().flaw().orElseThrow().kind()).isEqualTo(Flaw.Kind.INSERTED);
    assertThat(verified().flaw().orElseThrow().why()).contains(DAY + ".forged");
  }

  @Test
  void what_has_expired_and_is_not_dropped_yet_is_not_missed_in_the_links() {
    Recorded.Written written = written(row("req_0"));
    Map<String, AttributeValue> item = new HashMap<>(item(written.segment(), 0));
    item.put("sk", AttributeValue.fromS(DAY + ".gone#0000000000"));
    item.put("ttl", AttributeValue.fromN(Long.toString(now.getEpochSecond() - 1)));
    put(item);

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
