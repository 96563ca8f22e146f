package dev.weir.states;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * An error with its name and cause.
 *
 * @param missedHeartbeat a timeout that is also caught as {@code States.HeartbeatTimeout}
 */
record Failure(Optional<String> error, Optional<String> cause, boolean missedHeartbeat) {
  static final String TIMEOUT = "States.Timeout";
  private static final String RUNTIME = "States.Runtime";
  private static final String DATA_LIMIT = "States.DataLimitExceeded";

  static Failure of(String error, String cause) {
    return new Failure(Optional.of(error), Optional.of(cause), false);
  }

  static Failure runtime(String cause) {
    return of(RUNTIME, cause);
  }

  /** Worded as in recorded histories. */
  static Failure dataLimit(String state) {
    return of(
        DATA_LIMIT,
        "The state/task '"
            + state
            + "' returned a result with a size exceeding the maximum number of bytes service limit.");
  }

  /** Recorded histories name a missed heartbeat States.Timeout too. */
  static Failure timeout(boolean missedHeartbeat) {
    return new Failure(Optional.of(TIMEOUT), Optional.empty(), missedHeartbeat);
  }

  /**
   * Whether an ErrorEquals takes it (developer guide, "Error names"): States.ALL takes all but
   * States.DataLimitExceeded and States.Runtime; States.TaskFailed the same without States.Timeout;
   * nothing takes States.Runtime.
   */
  boolean in(List<String> errorEquals) {
    String name = error.orElse("");
    if (name.equals(RUNTIME)) {
      return false;
    }
    boolean named =
        errorEquals.contains(name)
            || missedHeartbeat && errorEquals.contains("States.HeartbeatTimeout");
    boolean wild =
        errorEquals.contains("States.ALL")
            || errorEquals.contains("States.TaskFailed") && !name.equals(TIMEOUT);
    return named || wild && !name.equals(DATA_LIMIT);
  }

  /** {@code $states.errorOutput}; what is absent is written as recorded histories have it. */
  ObjectNode output() {
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    output.put("Error", error.orElse(null));
    output.put("Cause", cause.orElse(error.isPresent() ? "" : null));
    return output;
  }

  /** The fields of an event that tells of it. */
  ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    error.ifPresent(name -> details.put("error", name));
    cause.ifPresent(text -> details.put("cause", text));
    return details;
  }
}
