package dev.weir.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.route.NextStep.Move;
import dev.weir.route.NextStep.Sofar;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NextStepTest {

  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(60);

  private static Sofar first() {
    return new Sofar(1, 4, 1, SOON, LONG);
  }

  @Test
  void each_reaction_has_its_moves_in_order() {
    assertThat(NextStep.after(Reaction.RETRY_THEN_NEXT, first()))
        .containsExactly(Move.RETRY, Move.NEXT);
    assertThat(NextStep.after(Reaction.NEXT, first())).containsExactly(Move.NEXT);
    assertThat(NextStep.after(Reaction.NEXT_THEN_RETRY, first()))
        .containsExactly(Move.NEXT, Move.RETRY);
    assertThat(NextStep.after(Reaction.REPAIR, first())).containsExactly(Move.REPAIR);
    assertThat(NextStep.after(Reaction.GIVE_UP, first())).isEmpty();
  }

  @Test
  void a_target_is_repeated_once() {
    Sofar second = new Sofar(2, 4, 2, SOON, LONG);

    assertThat(NextStep.after(Reaction.RETRY_THEN_NEXT, second)).containsExactly(Move.NEXT);
    assertThat(NextStep.after(Reaction.NEXT_THEN_RETRY, second)).containsExactly(Move.NEXT);
    assertThat(NextStep.after(Reaction.REPAIR, second)).isEmpty();
  }

  @Test
  void a_long_wait_is_spent_at_the_next_target() {
    Sofar asked = new Sofar(1, 4, 1, Duration.ofSeconds(5), LONG);

    assertThat(NextStep.after(Reaction.RETRY_THEN_NEXT, asked)).containsExactly(Move.NEXT);
  }

  @ParameterizedTest
  @EnumSource(Reaction.class)
  void nothing_is_begun_that_cannot_end(Reaction reaction) {
    assertThat(NextStep.after(reaction, new Sofar(1, 4, 1, SOON, Duration.ofMillis(999))))
        .isEmpty();
  }

  /** Whatever happens in whatever order: never more attempts than allowed, never three at one. */
  @Test
  void no_course_of_events_exceeds_the_attempts() {
    Random random = new Random(7);
    for (int course = 0; course < 20_000; course++) {
      int most = 1 + random.nextInt(6);
      int attempts = 1;
      int here = 1;
      while (true) {
        Reaction reaction = Reaction.values()[random.nextInt(Reaction.values().length)];
        Sofar sofar =
            new Sofar(
                attempts,
                most,
                here,
                Duration.ofMillis(random.nextInt(4000)),
                Duration.ofMillis(random.nextInt(20_000)));
        List<Move> moves = NextStep.after(reaction, sofar);
        if (moves.isEmpty()) {
          break;
        }
        Move move = moves.get(random.nextInt(moves.size()));
        here = move == Move.NEXT ? 1 : here + 1;
        attempts++;
        assertThat(here).isLessThanOrEqualTo(2);
        assertThat(move == Move.NEXT || sofar.pause().compareTo(sofar.left()) < 0).isTrue();
      }
      assertThat(attempts).isLessThanOrEqualTo(most);
    }
  }
}
