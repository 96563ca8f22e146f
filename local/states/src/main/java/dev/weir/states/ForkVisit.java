package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import java.util.Optional;

/** A state whose work is done by branches: Parallel or Map. */
abstract class ForkVisit extends RecoverableVisit implements Fork.Owner {
  private final State.Recoverable state;
  private Optional<Fork> fork = Optional.empty();
  private boolean gaveUp;

  ForkVisit(Branch branch, State.Recoverable state, JsonNode input) {
    super(branch, state, input);
    this.state = state;
  }

  /** Starts so many branches after that event, some at once. */
  final void fork(int size, int atOnce, long started) {
    Fork forked = new Fork(size, this);
    fork = Optional.of(forked);
    forked.start(atOnce, started);
  }

  final Branch branch(
      Flow flow, Optional<JsonNode> mapItem, long previous, Branch.Ending ending, JsonNode input) {
    Scope inner = new Scope(Optional.of(branch().scope()));
    Branch forked = new Branch(run(), flow, inner, mapItem, previous, ending);
    forked.start(input);
    return forked;
  }

  @Override
  public final void joined(ArrayNode outputs, long last) {
    run().history().add(last, state.type() + "StateSucceeded");
    branch().follow(last);
    succeed(outputs);
  }

  @Override
  public final void broken(Failure failure, long cause) {
    branch().follow(cause);
    error(failure);
  }

  @Override
  final void gaveUp() {
    gaveUp = true;
    branch().record(state.type() + "StateFailed");
  }

  @Override
  final void stop() {
    super.stop();
    fork.ifPresent(Fork::stop);
  }

  @Override
  final void aborted(long cause) {
    if (gaveUp) {
      return;
    }
    fork.ifPresent(forked -> forked.abort(cause));
    run().history().add(cause, state.type() + "StateAborted");
  }
}
