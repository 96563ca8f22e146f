package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ledger.Booked;
import dev.weir.ledger.Cost;
import dev.weir.ledger.GuardMark;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LedgerTableTest {

  private static final Instant NOW = Instant.parse("2026-12-31T23:59:59.500Z");

  private final InMemoryDynamo dynamo = new InMemoryDynamo(InstantSource.fixed(NOW));
  private final LedgerTable ledger = new LedgerTable(dynamo, "ledger", Duration.ofDays(1));

  private static LedgerRow row(String requestId, long picoUsd, LedgerRow.Hop... hops) {
    return row(requestId, picoUsd, Savings.NONE, hops);
  }

  private static LedgerRow row(
      String requestId, long picoUsd, Savings saved, LedgerRow.Hop... hops) {
    return new LedgerRow(
        "acme",
        "k1",
        requestId,
        Optional.empty(),
        "m",
        "vendor.m",
        false,
        "complete",
        Optional.of("stop"),
        Usage.of(2, 3),
        Usage.of(2, 3),
        false,
        new Cost(picoUsd),
        "vendor.m",
        "2026-11-01",
        List.of(hops),
        NOW.toEpochMilli(),
        7,
        new GuardMark("baseline@1", "masked input:pii", 1, new Cost(4)),
        Optional.empty(),
        saved,
        saved.equals(Savings.NONE) ? Optional.empty() : Optional.of("small"));
  }

  @Test
  void what_was_saved_is_kept_where_there_is_something() {
    ledger.write(row("r1", 10, new Savings(-7, 5)));
    ledger.write(row("r2", 10));
    List<Booked> read = new ArrayList<>();
    ledger.read("acme", LocalDate.parse("2026-12-31"), read::add);

    assertThat(read).extracting(Booked::saved).containsExactly(Savings.NONE, new Savings(-7, 5));
    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r1"))
        .containsEntry("cascade", AttributeValue.fromS("small"));
    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r2"))
        .doesNotContainKeys("cacheSavedPicoUsd", "cascadeSavedPicoUsd", "cascade");
  }

  @Test
  void a_row_is_written_once_and_never_over() {
    assertThat(ledger.write(row("r1", 10))).isEqualTo(Ledger.Entry.WRITTEN);
    assertThat(ledger.write(row("r1", 99))).isEqualTo(Ledger.Entry.DUPLICATE);
    assertThat(ledger.write(row("r2", 20))).isEqualTo(Ledger.Entry.WRITTEN);

    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r1"))
        .containsEntry("costPicoUsd", AttributeValue.fromN("10"))
        .containsEntry("guards", AttributeValue.fromS("baseline@1"))
        .containsEntry("guard", AttributeValue.fromS("masked input:pii"))
        .containsEntry("guardPicoUsd", AttributeValue.fromN("4"))
        .containsEntry("guardBypasses", AttributeValue.fromN("1"));
  }

  @Test
  void attempts_are_kept_when_there_was_more_than_one() {
    LedgerRow.Hop lost = new LedgerRow.Hop("vendor.m", "stalled", 900, new Cost(4), Usage.of(2, 0));
    LedgerRow.Hop won =
        new LedgerRow.Hop("us.vendor.m", "complete", 50, new Cost(6), Usage.of(2, 3), 1, "large");
    ledger.write(row("r1", 10, lost, won));
    ledger.write(row("r2", 10, won));

    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r1"))
        .extractingByKey("hops")
        .asString()
        .contains("stalled", "us.vendor.m", "900", "part", "large");
    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r2")).doesNotContainKey("hops");
  }

  @Test
  void a_row_ends_when_its_retention_does() {
    ledger.write(row("r1", 10));

    long end = NOW.plus(Duration.ofDays(1)).getEpochSecond();
    assertThat(dynamo.item("ledger", "acme#2026-12-31", "r1"))
        .containsEntry("ttl", AttributeValue.fromN(Long.toString(end)));
  }

  @Test
  void the_rows_of_a_day_are_read_over_all_pages_and_no_others() {
    for (int i = 0; i < 8; i++) {
      ledger.write(row("r" + i, 10 + i));
    }
    List<Booked> read = new ArrayList<>();
    ledger.read("acme", LocalDate.parse("2026-12-31"), read::add);
    ledger.read("acme", LocalDate.parse("2026-12-30"), read::add);
    ledger.read("other", LocalDate.parse("2026-12-31"), read::add);

    assertThat(read)
        .hasSize(8)
        .contains(
            new Booked(
                LocalDate.parse("2026-12-31"),
                "k1",
                "m",
                "complete",
                false,
                Usage.of(2, 3),
                new Cost(17),
                Savings.NONE,
                NOW.toEpochMilli(),
                List.of()));
  }

  private List<LedgerRow.Hop> readBack() {
    List<Booked> read = new ArrayList<>();
    ledger.read("acme", LocalDate.parse("2026-12-31"), read::add);
    return read.stream().flatMap(row -> row.hops().stream()).toList();
  }

  @Test
  void attempts_are_read_as_they_were_written() {
    LedgerRow.Hop lost = new LedgerRow.Hop("vendor.m", "stalled", 900, new Cost(4), Usage.of(2, 0));
    LedgerRow.Hop won =
        new LedgerRow.Hop("us.vendor.m", "complete", 5, new Cost(6), Usage.of(2, 3), 7, "large");
    ledger.write(row("r1", 14, lost, won));

    assertThat(readBack()).containsExactly(lost, won);
  }

  @Test
  void a_single_attempt_is_read_without_what_guards_cost() {
    LedgerRow.Hop only =
        new LedgerRow.Hop("vendor.m", "complete", 7, new Cost(6), Usage.of(2, 3), 7, "");
    ledger.write(row("r1", 10, only));

    assertThat(readBack()).containsExactly(only);
  }

  @Test
  void a_store_that_does_not_answer_is_a_failure_and_no_exception() {
    Network deaf =
        new Network() {
          @Override
          public boolean request() {
            return false;
          }
        };

    assertThat(
            new LedgerTable(dynamo.through(deaf), "ledger", Duration.ofDays(1))
                .write(row("r1", 10)))
        .isEqualTo(Ledger.Entry.FAILED);
  }
}
