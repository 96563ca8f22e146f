package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.definition.State;

final class ParallelVisit extends ForkVisit {
  private final State.Parallel parallel;
  private JsonNode arguments;

  ParallelVisit(Branch branch, State.Parallel parallel, JsonNode input) {
    super(branch, parallel, input);
    this.parallel = parallel;
    arguments = input;
  }

  @Override
  void begin() {
    arguments =
        parallel.arguments().map(template -> template.evaluate(this, "Arguments")).orElse(input());
    Payload.within(parallel.name(), arguments);
    int size = parallel.branches().size();
    fork(size, size, branch().record("ParallelStateStarted"));
  }

  @Override
  public Branch start(int index, long previous, Branch.Ending ending) {
    return branch(parallel.branches().get(index), branch().mapItem(), previous, ending, arguments);
  }

  @Override
  public long succeeded(int index, Branch branch) {
    return branch.lastEvent();
  }

  @Override
  public void failed(int index, Branch branch) {}

  @Override
  public void aborted(int index, long cause) {}
}
