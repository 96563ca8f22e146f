package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;

/** Takes what rules send: state machines, functions, topics, by their ARNs. */
@FunctionalInterface
public interface Target {

  /** Hands a payload over. Called between two actions of the bus's scheduler; must not wait. */
  Receipt deliver(String arn, JsonNode payload);

  /** How a target took it. */
  sealed interface Receipt {

    /** It is the target's now. */
    record Taken() implements Receipt {}

    /**
     * The target would not have it.
     *
     * @param code such as {@code ThrottlingException}
     * @param again whether it may take it later
     */
    record Refused(String code, String message, boolean again) implements Receipt {}
  }
}
