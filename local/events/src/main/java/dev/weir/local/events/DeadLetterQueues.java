package dev.weir.local.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The queues that hold what could not be delivered. */
@FunctionalInterface
public interface DeadLetterQueues {

  /** Takes one letter. */
  void send(String queueArn, DeadLetter letter);

  /**
   * An event that a target did not take ("Using dead-letter queues to process undelivered events").
   *
   * @param attributes of the message: RULE_ARN, TARGET_ARN, ERROR_CODE, ERROR_MESSAGE,
   *     RETRY_ATTEMPTS, and EXHAUSTED_RETRY_CONDITION if it was tried again
   */
  record DeadLetter(ObjectNode event, Map<String, String> attributes) {}
}
