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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void rows_stand_in_the_order_of_their_times_whoever_wrote_them() {
    row("2026-11-22T10:00:02Z#one#1-intent", "2026-11-22T10:00:03.5Z", "INTENT");
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:09:00Z", "SUCCEEDED");
    row("2026-11-22T10:00:01Z#two#2-end", "2026-11-22T10:00:03Z", "SUPPRESSED");
    row("2026-11-22T10:00:05Z#three#2-end", "2026-11-22T10:00:06Z", "SUPPRESSED");

    assertThat(new Incidents(table).find(ID).orElseThrow().rows())
        .extracting(IncidentRow::outcome)
        .containsExactly("SUPPRESSED", "INTENT", "SUPPRESSED", "SUCCEEDED");
  }

  @Test
  void a_question_that_is_written_by_a_clock_behind_stands_after_the_run_that_asks_began() {
    row("2026-11-22T10:00:02Z#one#0-asked#q1", "2026-11-22T09:00:00Z", "ASKED");
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T11:00:03Z", "ESCALATED");
    row("2026-11-22T12:00:00Z#two#0-asked#q2", "2026-11-22T09:00:05Z", "ASKED");
    row("2026-11-22T12:00:00Z#two#0-decided#q2", "2026-11-22T09:00:04Z", "APPROVED");

    Incident incident = new Incidents(table).find(ID).orElseThrow();

    assertThat(incident.rows())
        .extracting(IncidentRow::outcome)
        .containsExactly("ASKED", "ESCALATED", "ASKED", "APPROVED");
    assertThat(incident.last().outcome()).isEqualTo("APPROVED");
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

  private static final LocalDate TODAY = LocalDate.parse("2026-11-22");

  private void old(String at) {
    String old = "2026-10-01T10:00:00Z-restart-endpoint-endpoint/old";
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-10-01")
            .with("sk", old + "#" + at + "#one#2-end")
            .with("incident", old)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("name", "old")
            .with("at", at)
            .with("outcome", "SUCCEEDED"));
    table.add(Incidents.written(old, Instant.parse(at)));
  }

  @Test
  void what_is_done_today_for_an_older_fault_is_of_today() {
    old("2026-11-22T09:00:00Z");
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:01:00Z", "FAILED");

    Incidents incidents = new Incidents(table);
    assertThat(incidents.since(TODAY, TODAY))
        .extracting(Incident::name)
        .containsExactly("old", "chat");
    assertThat(incidents.on(TODAY)).extracting(Incident::name).containsExactly("old", "chat");
    assertThat(incidents.on(LocalDate.parse("2026-10-01"))).isEmpty();
    assertThat(incidents.since(TODAY.plusDays(1), TODAY.plusDays(1))).isEmpty();
  }

  @Test
  void what_is_written_by_a_clock_that_is_ahead_is_listed_last() {
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:01:00Z", "FAILED");
    old("2026-12-24T09:00:00Z");

    assertThat(new Incidents(table).since(TODAY, TODAY))
        .extracting(Incident::name)
        .containsExactly("chat", "old");
  }

  @Test
  void what_is_being_done_for_an_older_fault_is_listed_before_it_has_ended() {
    String old = "2026-10-01T10:00:00Z-restart-endpoint-endpoint/old";
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-10-01")
            .with("sk", old + "#2026-11-22T09:00:00Z#one#1-intent")
            .with("incident", old)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("name", "old")
            .with("at", "2026-11-22T09:00:00Z")
            .with("outcome", "INTENT"));
    Item lock = Item.EMPTY.with("pk", "LOCK").with("incident", old);
    table.add(lock.with("sk", "endpoint/free"));
    assertThat(new Incidents(table).since(TODAY, TODAY)).isEmpty();

    table.add(lock.with("sk", "endpoint/old").with("owner", "arn"));
    assertThat(new Incidents(table).since(TODAY, TODAY))
        .singleElement()
        .returns("old", Incident::name);
  }

  @Test
  void an_incident_says_what_set_it_off() {
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", ID + "#2026-11-22T10:00:02Z#one#2-end")
            .with("incident", ID)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("outcome", "SUCCEEDED")
            .with(
                "event",
                """
                {"detail-type":"CloudWatch Alarm State Change","detail":
                {"alarmName":"weir-errors","state":{"reason":"Threshold Crossed"}}}
                """));
    assertThat(new Incidents(table).find(ID).orElseThrow().trigger())
        .isEqualTo("CloudWatch Alarm State Change: weir-errors: Threshold Crossed");

    row("2026-11-22T10:00:03Z#two#2-end", "2026-11-22T10:00:03Z", "SUPPRESSED");
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", "2026-11-22T11:00:00Z-x-endpoint/y#2026-11-22T11:00:02Z#one#2-end")
            .with("incident", "2026-11-22T11:00:00Z-x-endpoint/y")
            .with("action", "x")
            .with("kind", "endpoint")
            .with("at", "2026-11-22T11:00:02Z")
            .with("outcome", "FAILED")
            .with("event", "no JSON"));
    assertThat(
            new Incidents(table).find("2026-11-22T11:00:00Z-x-endpoint/y").orElseThrow().trigger())
        .isEmpty();
  }

  @Test
  void an_approved_run_that_gave_way_is_how_it_ended() {
    row("2026-11-22T10:00:02Z#one#0-decided#q", "2026-11-22T10:01:00Z", "APPROVED");
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", ID + "#2026-11-22T10:00:02Z#one#2-end")
            .with("incident", ID)
            .with("at", "2026-11-22T10:02:00Z")
            .with("approvedBy", "ann")
            .with("outcome", "SUPPRESSED")
            .with("reason", "RECOVERED"));
    row("2026-11-22T11:00:00Z#two#2-end", "2026-11-22T11:00:00Z", "SUPPRESSED");

    Incident incident = new Incidents(table).find(ID).orElseThrow();
    assertThat(incident.last()).returns("RECOVERED", IncidentRow::reason);
    assertThat(incident.suppressed()).isEqualTo(1);
  }

  @Test
  void equal_reminders_of_the_reconciler_are_one_row_and_it_is_said_that_there_may_be_more() {
    row("2026-11-22T10:00:02Z#one#2-end", "2026-11-22T10:01:00Z", "SUCCEEDED");
    row("2026-11-22T10:00:03Z#two#2-end", "2026-11-22T10:00:03Z", "SUPPRESSED");
    assertThat(new Incidents(table).find(ID).orElseThrow())
        .returns(1L, Incident::suppressed)
        .returns(false, Incident::isMoreSuppressed);

    row("reconciled#BUSY", "2026-11-22T10:00:30Z", "SUPPRESSED");
    assertThat(new Incidents(table).find(ID).orElseThrow())
        .returns(2L, Incident::suppressed)
        .returns(true, Incident::isMoreSuppressed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22-sweep-endpoint",
        "2026-11-22-watch-drift-endpoint/chat/AllTraffic-NO_DATA",
        "2026-11-22T10:00:00Z-restart-endpoint-endpoint/"
      })
  void an_incident_without_a_target_or_of_a_day_is_found(String id) {
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", id + "#daily")
            .with("incident", id)
            .with("action", "sweep")
            .with("kind", "endpoint")
            .with("name", "fleet"));

    assertThat(new Incidents(table).find(id)).isPresent();
  }
}
