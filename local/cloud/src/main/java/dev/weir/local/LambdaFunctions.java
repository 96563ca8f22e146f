package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.account.Functions;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.time.ForwardScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The template's functions as state machines invoke them; time stands still meanwhile. */
final class LambdaFunctions implements Functions {
  /** Longer than any function may run. */
  private static final Duration PATIENCE = Duration.ofMinutes(16);

  private final Supplier<Lambda> lambda;
  private final ForwardScheduler time;
  private final ObjectMapper json = new ObjectMapper();

  LambdaFunctions(Supplier<Lambda> lambda, ForwardScheduler time) {
    this.lambda = lambda;
    this.time = time;
  }

  /** The name in a function's ARN, with or without an alias. */
  static String name(String function) {
    return function.startsWith("arn:") ? function.split(":", -1)[6] : function;
  }

  @Override
  public void invoke(String function, JsonNode payload, Consumer<Outcome> answer) {
    var release = time.hold();
    Thread.startVirtualThread(() -> {
      try {
        answer.accept(invoke(name(function), payload));
      } finally {
        release.run();
      }
    });
  }

  private Outcome invoke(String function, JsonNode payload) {
    try {
      var event =
          json.writeValueAsBytes(payload.isMissingNode() ? json.createObjectNode() : payload);
      return switch (lambda.get().invoke(function, event, "").await(PATIENCE)) {
        case dev.weir.local.lambda.Outcome.Buffered(var result) ->
            new Outcome.Returned(json.readTree(result));
        case dev.weir.local.lambda.Outcome.Failed(var type, var message) ->
            new Outcome.Threw(type, message);
        case dev.weir.local.lambda.Outcome.Streamed(var result) -> {
          result.cut();
          yield new Outcome.Threw("Lambda.InvalidResponse", "a stream");
        }
      };
    } catch (IllegalArgumentException e) {
      return new Outcome.Threw("Lambda.ResourceNotFoundException", String.valueOf(e.getMessage()));
    } catch (IOException | TimeoutException e) {
      return new Outcome.Threw("Lambda.ServiceException", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
