package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ledger.LedgerRow;
import java.util.List;
import java.util.Map;

/** What a call down the ladder leaves behind. */
final class LadderBooks {

  private LadderBooks() {}

  /**
   * One row, one settlement, every attempt a hop at its own target's price, never above what was
   * reserved.
   *
   * @param ladder the targets asked, in order; one that answers says {@link ScriptedModel#HELLO}
   * @param inputPico each target's price of a prompt token; an output token costs twice that
   * @param isCharged whether an attempt that failed costs something
   */
  static void assertBooked(
      TestStack stack,
      List<String> ladder,
      Map<String, Long> inputPico,
      boolean isCharged,
      boolean isAnswered) {
    LedgerRow row = stack.ledger.only();
    assertThat(row.hops()).extracting(LedgerRow.Hop::target).isEqualTo(ladder);
    assertThat(row.target()).isEqualTo(ladder.getLast());
    assertThat(row.cost().picoUsd())
        .isEqualTo(row.hops().stream().mapToLong(hop -> hop.cost().picoUsd()).sum());
    int failures = isAnswered ? ladder.size() - 1 : ladder.size();
    for (LedgerRow.Hop hop : row.hops().subList(0, failures)) {
      assertThat(hop.outcome()).isNotEqualTo("complete");
      long least = inputPico.getOrDefault(hop.target(), 0L);
      assertThat(hop.cost().picoUsd()).isGreaterThanOrEqualTo(isCharged ? least : 0);
      assertThat(hop.cost().picoUsd() == 0).isEqualTo(!isCharged);
    }
    if (isAnswered) {
      long input = inputPico.getOrDefault(row.target(), 0L);
      assertThat(row.hops().getLast().cost().picoUsd()).isEqualTo(20 * input + 7 * 2 * input);
    }
    assertThat(stack.limiter.settled)
        .containsExactly(
            new FakeAdmission.Settled(row.usage().totalTokens(), row.cost().microUsd()));
    assertThat(stack.limiter.asks).hasSize(1);
    assertThat(row.usage().totalTokens())
        .isLessThanOrEqualTo(stack.limiter.asks.getFirst().tokens());
    assertThat(row.cost().microUsd()).isLessThanOrEqualTo(stack.limiter.asks.getFirst().microUsd());
    assertThat(stack.logged()).doesNotContain("weir.under_reservation");
  }
}
