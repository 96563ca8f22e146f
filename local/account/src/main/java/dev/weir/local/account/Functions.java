package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** The account's Lambda functions. */
@FunctionalInterface
public interface Functions {

  /**
   * Invokes a function; the answer may come later, from any thread.
   *
   * @param function its name or ARN
   */
  void invoke(String function, JsonNode payload, Consumer<Outcome> answer);

  /** How an invocation ended. */
  sealed interface Outcome {

    /** The function returned. */
    record Returned(JsonNode payload) implements Outcome {}

    /** It threw. */
    record Threw(String errorType, String errorMessage) implements Outcome {}
  }
}
