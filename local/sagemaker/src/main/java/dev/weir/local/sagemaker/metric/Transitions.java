package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Instant;
import java.util.List;

/** What alarms become, and who hears of it. */
final class Transitions {
  private final Context context;

  Transitions(Context context) {
    this.context = context;
  }

  /** The state of an alarm that has just been made. */
  static ObjectNode unchecked(String now) {
    return Json.object()
        .put("StateValue", AlarmState.INSUFFICIENT_DATA.name())
        .put("StateReason", "Unchecked: Initial alarm creation")
        .put("StateUpdatedTimestamp", now)
        .put("StateTransitionedTimestamp", now);
  }

  /** The members of an alarm that are its state. */
  static ObjectNode stateOf(Alarm alarm) {
    ObjectNode state = Json.object();
    for (String member :
        List.of(
            "StateValue",
            "StateReason",
            "StateReasonData",
            "StateUpdatedTimestamp",
            "StateTransitionedTimestamp")) {
      if (alarm.data().has(member)) {
        state.set(member, alarm.data().path(member));
      }
    }
    return state;
  }

  /** Whether the state is another one then. */
  boolean become(Alarm alarm, AlarmState next, String reason, String reasonData) {
    ObjectNode before = AlarmReasons.state(alarm);
    boolean changes = next != alarm.state();
    Instant now = context.time().instant();
    ObjectNode data = alarm.data();
    data.put("StateValue", next.name()).put("StateReason", reason);
    data.put("StateReasonData", reasonData).put("StateUpdatedTimestamp", now.toString());
    if (changes) {
      data.put("StateTransitionedTimestamp", now.toString());
      context.history().add(now, "alarm/" + alarm.name(), next.name(), reason);
      context.bus().alarm(alarm.name(), AlarmReasons.detail(alarm, before));
    }
    return changes;
  }
}
