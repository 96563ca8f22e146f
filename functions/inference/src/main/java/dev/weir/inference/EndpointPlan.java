package dev.weir.inference;

import dev.weir.door.Problem;
import dev.weir.endpoint.InferenceEndpoint;
import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.guard.Guards;
import dev.weir.ledger.Cost;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How one invocation will be made, decided before anything is spent.
 *
 * @param headers those that go to SageMaker, without the content type
 * @param contentType of the request's body
 * @param input the key of an input the client has put in place itself
 * @param tenantGuard the tenant's own guard set, as known when this was planned
 */
record EndpointPlan(
    InferenceEndpoint endpoint,
    Mode mode,
    Map<String, String> headers,
    String contentType,
    Optional<String> input,
    Guards guards,
    Optional<String> tenantGuard) {

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(EndpointPlan plan) implements Planned {}

    record Not(Problem problem) implements Planned {}
  }

  /** How long it may take at most. */
  Duration timeout() {
    return switch (mode) {
      case SYNC, ASYNC -> endpoint.timeout();
      case STREAM -> endpoint.streamTimeout();
    };
  }

  /** The most it can cost. */
  Cost bound(long bodyBytes) {
    return switch (mode) {
      case SYNC, STREAM ->
          endpoint.price().of(timeout(), Math.addExact(bodyBytes, endpoint.maxReplyBytes()));
      case ASYNC -> accepted(bodyBytes);
    };
  }

  /**
   * What an asynchronous invocation is charged: when it ends, nobody here knows how long it took.
   */
  Cost accepted(long bodyBytes) {
    return endpoint.price().of(Duration.ZERO, bodyBytes);
  }

  /** What an idempotency key stands for beside the body: the same body asked otherwise differs. */
  String identity() {
    return endpoint.id() + " " + mode.text() + " " + contentType + headers;
  }
}
