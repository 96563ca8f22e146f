package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/** Branches side by side, so many at once, until all have succeeded or one has failed. */
final class Fork {
  private final int size;
  private final Owner owner;
  private final List<Branch> branches = new ArrayList<>();
  private final boolean[] ended;
  private final JsonNode[] outputs;
  private int succeeded;
  private boolean open = true;

  /** The state that forks. */
  interface Owner {
    /** Starts one branch after that event. */
    Branch start(int index, long previous, Branch.Ending ending);

    /** Records that a branch succeeded; returns the event that what comes next follows. */
    long succeeded(int index, Branch branch);

    /** Every branch has succeeded. */
    void joined(ArrayNode outputs, long last);

    /** Records that a branch failed. */
    void failed(int index, Branch branch);

    /** Records that a branch was cut short because of that event. */
    void aborted(int index, long cause);

    /** All that is left is stopped; the state failed. */
    void broken(Failure failure, long cause);
  }

  Fork(int size, Owner owner) {
    this.size = size;
    this.owner = owner;
    ended = new boolean[size];
    outputs = new JsonNode[size];
  }

  void start(int atOnce, long previous) {
    if (size == 0) {
      owner.joined(JsonNodeFactory.instance.arrayNode(), previous);
    }
    for (int i = 0; i < Math.min(atOnce, size); i++) {
      startNext(previous);
    }
  }

  void stop() {
    open = false;
    branches.forEach(Branch::stop);
  }

  /** Records of every branch under way that it was cut short. */
  void abort(long cause) {
    for (int i = 0; i < branches.size(); i++) {
      if (!ended[i]) {
        ended[i] = true;
        branches.get(i).abort(cause);
        owner.aborted(i, cause);
      }
    }
  }

  private void startNext(long previous) {
    int index = branches.size();
    branches.add(
        owner.start(
            index,
            previous,
            new Branch.Ending() {
              @Override
              public void succeeded(JsonNode output) {
                if (open) {
                  join(index, output);
                }
              }

              @Override
              public void failed(Failure failure) {
                if (open) {
                  breakUp(index, failure);
                }
              }
            }));
  }

  private void join(int index, JsonNode output) {
    Branch branch = branches.get(index);
    ended[index] = true;
    outputs[index] = output;
    succeeded++;
    long last = owner.succeeded(index, branch);
    if (branches.size() < size) {
      startNext(branch.lastEvent());
    } else if (succeeded == size) {
      open = false;
      owner.joined(JsonNodeFactory.instance.arrayNode().addAll(List.of(outputs)), last);
    }
  }

  private void breakUp(int index, Failure failure) {
    Branch branch = branches.get(index);
    long cause = branch.lastEvent();
    open = false;
    ended[index] = true;
    owner.failed(index, branch);
    branch.abort(cause);
    abort(cause);
    owner.broken(failure, cause);
  }
}
