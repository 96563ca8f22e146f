package dev.weir.remedy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.remedy.approval.Callbacks.Told;
import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
  private static final String INCIDENT = "2026-11-22T11:58:00Z-restart-endpoint-endpoint/chat";

  private final RemediationTable table =
      new RemediationTable(new InMemoryDynamo(CLOCK), "remediation");
  private final Deque<Supplier<Told>> telling = new ArrayDeque<>();
  private final Approvals approvals =
      new Approvals(table, (_, _) -> telling.pop().get(), true, CLOCK, new Random(1));

  private Question asked() {
    return approvals.ask(
        new Asked(
            "token",
            INCIDENT,
            "2026-11-22T11:58:01Z#run",
            "restart-endpoint",
            "endpoint",
            "chat",
            "{}",
            "CRITICAL",
            Optional.empty(),
            3600));
  }

  @Test
  void two_that_agree_at_once_tell_the_machine_once_and_neither_is_too_late() {
    Question question = asked();
    telling.add(() -> {
      // The machine hears the second first, and waits no more.
      assertThat(approvals.decide(question.id(), Verdict.APPROVE, "Bob", ""))
          .isInstanceOf(Answered.Repeated.class);
      return Told.GONE;
    });
    telling.add(() -> Told.YES);

    assertThat(approvals.decide(question.id(), Verdict.APPROVE, "Ann", ""))
        .isInstanceOf(Answered.Accepted.class);
    assertThat(table.all("INCIDENT#2026-11-22"))
        .extracting(row -> row.text("outcome"))
        .containsExactlyInAnyOrder("ASKED", "APPROVED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-22T11:58:01Z#run#2-end", "2026-11-22T12:30:00Z#run#3-crashed"})
  void a_question_of_a_run_that_has_ended_is_not_open(String end) {
    Question question = asked();
    table.add(row("2026-11-22T11:58:02Z#another#2-end"));
    assertThat(approvals.open()).containsExactly(question);

    table.add(row(end));

    assertThat(approvals.open()).isEmpty();
  }

  private static Item row(String end) {
    return Item.EMPTY.with("pk", "INCIDENT#2026-11-22").with("sk", INCIDENT + "#" + end);
  }
}
