package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;

/** A database that speaks DynamoDB's own JSON. */
@FunctionalInterface
public interface DynamoDb {

  /**
   * Carries out a call.
   *
   * @param operation as the API names it, such as {@code UpdateItem}
   */
  Answer call(String operation, JsonNode request);

  /** How a call ended. */
  sealed interface Answer {

    /** It was carried out. */
    record Done(JsonNode result) implements Answer {}

    /**
     * It was refused.
     *
     * @param code such as {@code ConditionalCheckFailedException}
     */
    record Refused(String code, String message) implements Answer {}
  }
}
