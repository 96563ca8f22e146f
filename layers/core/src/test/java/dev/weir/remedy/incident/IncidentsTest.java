package dev.weir.remedy.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IncidentsTest {

  private static final String ID = "2026-11-22T10:00:00Z-restart-endpoint-endpoint/chat";

  private final RemediationTable table =
      new RemediationTable(
          new InMemoryDynamo(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC)),
          "remediation");

  private void row(String key, String at, String outcome) {
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", ID + "#" + key)
            .with("incident", ID)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("name", "chat")
            .with("at", at)
            .with("outcome", outcome));
  }

  @Test
  void what_was_healed_after_the_reconciler_found_it_is_healed() {
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:01:00Z", "FAILED");
    row("reconciled#EXHAUSTED", "2026-11-22T10:30:00Z", "ESCALATED");
    row("2026-11-22T11:00:00Z#two#2-end", "2026-11-22T11:20:00Z", "SUCCEEDED");

    Incident incident = new Incidents(table).find(ID).orElseThrow();

    assertThat(incident.rows())
        .extracting(IncidentRow::outcome)
        .containsExactly("FAILED", "ESCALATED", "SUCCEEDED");
    assertThat(incident.last().outcome()).isEqualTo("SUCCEEDED");
  }

  @Test
  void a_row_that_names_no_target_hides_no_incident() {
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", ID + "#2026-11-22T09:00:00Z#3-reset")
            .with("incident", ID)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("at", "2026-11-22T09:00:00Z")
            .with("outcome", "RESET"));
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:01:00Z", "FAILED");

    assertThat(new Incidents(table).on(LocalDate.parse("2026-11-22")))
        .singleElement()
        .returns("chat", Incident::name);
  }
}
