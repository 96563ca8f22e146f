package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import dev.weir.local.time.Scheduler.Timer;
import dev.weir.states.definition.EvaluationException;
import dev.weir.states.definition.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class WaitVisit extends Visit {
  /** Recorded histories: a longer wait fails with States.Runtime. */
  private static final Duration LONGEST = Duration.ofSeconds(99_999_999);

  private final State.Wait wait;
  private Optional<Timer> timer = Optional.empty();

  WaitVisit(Branch branch, State.Wait wait, JsonNode input) {
    super(branch, wait, input);
    this.wait = wait;
  }

  @Override
  void begin() {
    Duration delay = wait.untilTimestamp() ? untilTimestamp() : seconds();
    if (delay.compareTo(LONGEST) > 0) {
      throw new StateError(Failure.runtime(cause("Wait state delay is too long.")));
    }
    timer = Optional.of(run().after(delay, () -> attempt(this::waited)));
  }

  @Override
  void stop() {
    timer.ifPresent(Timer::cancel);
  }

  @Override
  void aborted(long cause) {
    run().history().add(cause, "WaitStateAborted");
  }

  private void waited() {
    leave(wait.exit().shape(), "", this, input(), wait.exit().next());
  }

  private Duration seconds() {
    return Duration.ofSeconds(wait.time().whole(this, "Seconds", 0));
  }

  private Duration untilTimestamp() {
    String text = wait.time().evaluate(this, "Timestamp", JsonNodeType.STRING).textValue();
    Instant until =
        Timestamps.read(text)
            .orElseThrow(() ->
                new EvaluationException(
                    "Timestamp",
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset"
                        + " date-time format string: "
                        + text));
    Duration delay = Duration.between(run().engine().scheduler().instant(), until);
    return delay.isNegative() ? Duration.ZERO : delay;
  }
}
