package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.time.Scheduler.Timer;
import dev.weir.states.definition.Edge;
import dev.weir.states.definition.State;
import dev.weir.states.definition.State.Catcher;
import dev.weir.states.definition.State.Retrier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A state with Retry and Catch: the first retrier that takes the error decides whether there is
 * another attempt, each with its own count; once it has none left, the first catcher that takes the
 * error does (Amazon States Language, "Retrying after error", "Fallback states").
 */
abstract class RecoverableVisit extends Visit {
  private static final double LONGEST_SECONDS = 99_999_999;

  private final State.Recoverable state;
  private final int[] used;
  private int retries;
  private Optional<Timer> retry = Optional.empty();

  RecoverableVisit(Branch branch, State.Recoverable state, JsonNode input) {
    super(branch, state, input);
    this.state = state;
    used = new int[state.retriers().size()];
  }

  /** Tells of a failure that is not retried. */
  void gaveUp() {}

  @Override
  final void error(Failure failure) {
    if (!retried(failure)) {
      gaveUp();
      caught(failure);
    }
  }

  @Override
  void stop() {
    retry.ifPresent(Timer::cancel);
  }

  @Override
  ObjectNode context() {
    ObjectNode context = super.context();
    context.withObject("/State").put("RetryCount", retries);
    return context;
  }

  /** Leaves the state with the result of an attempt. */
  final void succeed(JsonNode result) {
    attempt(
        () -> leave(state.exit().shape(), "", with("result", result), result, state.exit().next()));
  }

  private boolean retried(Failure failure) {
    int index = first(state.retriers().stream().map(Retrier::errors).toList(), failure);
    if (index < 0) {
      return false;
    }
    Retrier retrier = state.retriers().get(index);
    if (used[index] == retrier.maxAttempts()) {
      run().reached(state, Edge.Kind.EXHAUSTED, index);
      return false;
    }
    run().reached(state, Edge.Kind.RETRY, index);
    Duration delay = delay(retrier, used[index]++);
    retries++;
    retry = Optional.of(run().after(delay, () -> attempt(this::begin)));
    return true;
  }

  private Duration delay(Retrier retrier, int before) {
    double most = retrier.maxDelaySeconds().map(Integer::doubleValue).orElse(LONGEST_SECONDS);
    double seconds =
        Math.min(most, retrier.intervalSeconds() * Math.pow(retrier.backoffRate(), before));
    double share = retrier.fullJitter() ? run().random().nextDouble() : 1;
    return Duration.ofMillis(Math.round(1000 * seconds * share));
  }

  private void caught(Failure failure) {
    int index = first(state.catchers().stream().map(Catcher::errors).toList(), failure);
    if (index < 0) {
      branch().failed(failure);
      return;
    }
    run().reached(state, Edge.Kind.CATCH, index);
    Catcher catcher = state.catchers().get(index);
    ObjectNode output = failure.output();
    failure(() ->
            leave(
                catcher.shape(),
                "Catch[" + index + "]/",
                with("errorOutput", output),
                output,
                Optional.of(catcher.next())))
        .ifPresent(branch()::failed);
  }

  private static int first(List<List<String>> errors, Failure failure) {
    for (int i = 0; i < errors.size(); i++) {
      if (failure.in(errors.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
