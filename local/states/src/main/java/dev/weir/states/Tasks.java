package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.definition.Resource;
import java.util.Optional;
import java.util.function.Consumer;

/** What carries out the calls of Task states. */
public interface Tasks {

  /**
   * Carries out one call and replies once, at once or later, from any thread. An exception thrown
   * here fails the execution with {@code States.Runtime}.
   */
  void call(Call call, Consumer<Reply> reply);

  /**
   * One attempt of one Task state.
   *
   * @param taskToken given if the task ends only when its token is sent back
   */
  record Call(
      String executionArn,
      String state,
      Resource resource,
      JsonNode arguments,
      Optional<String> taskToken) {
    /** Takes a copy: a world may keep and change what it was given. */
    public Call {
      arguments = arguments.deepCopy();
    }
  }

  /** How a call ended. */
  sealed interface Reply {

    /** It was carried out; of a task with a token this says only that it was submitted. */
    record Done(JsonNode result) implements Reply {
      /** Takes a copy: a world may hand out what it goes on changing. */
      public Done {
        result = result.deepCopy();
      }
    }

    /**
     * It failed.
     *
     * @param error as Step Functions names it, such as {@code
     *     SageMaker.ResourceLimitExceededException}
     */
    record Failed(String error, String cause) implements Reply {}

    /** It may well have been carried out, but the caller never hears: only a timeout ends it. */
    record Lost() implements Reply {}
  }
}
