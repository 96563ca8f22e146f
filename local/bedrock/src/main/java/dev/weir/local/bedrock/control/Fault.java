package dev.weir.local.bedrock.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Operation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * What shall go wrong.
 *
 * @param model the model id, or {@code *}
 * @param operation the operation's name in the AWS API, or {@code *}
 * @param kind how it goes wrong
 * @param status of {@code status}
 * @param errorType the exception's name, of {@code status} and {@code exceptionFrame}
 * @param retryAfterSeconds sent as {@code Retry-After}; 0 for none
 * @param afterEvents how many events (a buffered body counts as two, its halves) still pass
 * @param afterBytes how many bytes of the body still pass
 * @param delay of {@code delay}, and the longest a stall lasts; zero for a stall without end
 * @param times how many calls it hits; 0 for all
 * @param originalStatus what the container answered, of SageMaker's {@code ModelError}
 */
public record Fault(
    String model,
    String operation,
    Kind kind,
    int status,
    String errorType,
    int retryAfterSeconds,
    int afterEvents,
    int afterBytes,
    Duration delay,
    int times,
    int originalStatus) {

  /** How a call goes wrong. */
  public enum Kind {
    /** An error answer instead of any other. */
    STATUS("status"),
    /** The answer comes later. */
    DELAY("delay"),
    /** Not even the status line comes. */
    STALL_BEFORE_HEADERS("stallBeforeHeaders"),
    /** Status and headers come, the body does not. */
    STALL_BEFORE_FIRST("stallBeforeFirst"),
    /** The body stops coming after some events. */
    STALL_AFTER("stallAfter"),
    /** The body ends too early, between events, as if it were complete. */
    CUT("cut"),
    /** The body ends too early, at any byte, as if it were complete. */
    CUT_BYTES("cutBytes"),
    /** An exception event after some events; an error answer where the reply is buffered. */
    EXCEPTION_FRAME("exceptionFrame"),
    /** The connection is reset after some events; before the status line when after none. */
    RESET("reset"),
    /** A complete answer without content. */
    EMPTY("empty"),
    /** Bytes that are no events, and no JSON. */
    GARBAGE("garbage");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    static Optional<Kind> of(String name) {
      return Arrays.stream(values()).filter(kind -> kind.wireName.equals(name)).findFirst();
    }
  }

  private static final List<String> MEMBERS =
      List.of(
          "model",
          "operation",
          "kind",
          "status",
          "errorType",
          "retryAfterSeconds",
          "afterEvents",
          "afterBytes",
          "delayMillis",
          "times",
          "originalStatus");

  /** Reads a fault of the Bedrock Runtime; fails like {@link #of(JsonNode, Names)}. */
  public static Fault of(JsonNode json) {
    return of(json, new Names("ModelStreamErrorException", ErrorReply::typeOf));
  }

  /** Reads a fault of the SageMaker Runtime; fails like {@link #of(JsonNode, Names)}. */
  public static Fault ofEndpoint(JsonNode json) {
    return of(json, new Names("ModelStreamError", ErrorReply::endpointTypeOf));
  }

  /** A service's names of errors: in the middle of a stream, and by status. */
  private record Names(String ofFrame, IntFunction<String> ofStatus) {}

  /**
   * Reads a fault.
   *
   * @throws IllegalArgumentException names what is wrong with it
   */
  private static Fault of(JsonNode json, Names of) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      require(MEMBERS.contains(name), "no member " + name);
    }
    String operation = json.path("operation").asText("*");
    require(
        operation.equals("*")
            || Arrays.stream(Operation.values()).anyMatch(o -> o.apiName().equals(operation)),
        "no operation " + operation);
    Kind kind =
        Kind.of(json.path("kind").asText())
            .orElseThrow(
                () -> new IllegalArgumentException("no kind " + json.path("kind").asText()));
    int status = json.path("status").asInt(0);
    require(status == 0 || status >= 400 && status <= 599, "status is not 400 to 599");
    String type = json.path("errorType").asText(kindsType(kind, status, of));
    return new Fault(
        json.path("model").asText("*"),
        operation,
        kind,
        status == 0 ? ErrorReply.statusOf(type) : status,
        type,
        json.path("retryAfterSeconds").asInt(0),
        json.path("afterEvents").asInt(0),
        json.path("afterBytes").asInt(0),
        Duration.ofMillis(json.path("delayMillis").asLong(0)),
        json.path("times").asInt(0),
        json.path("originalStatus").asInt(500));
  }

  private static String kindsType(Kind kind, int status, Names of) {
    return kind == Kind.EXCEPTION_FRAME
        ? of.ofFrame()
        : of.ofStatus().apply(status == 0 ? 429 : status);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  boolean hits(String calledModel, Operation called) {
    return (model.equals("*") || model.equals(calledModel))
        && (operation.equals("*") || operation.equals(called.apiName()));
  }

  /** The error answer of {@code status}. */
  public ErrorReply error() {
    return new ErrorReply(
        status,
        errorType,
        "injected fault",
        retryAfterSeconds == 0
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(retryAfterSeconds)),
        errorType.equals("ModelError") ? OptionalInt.of(originalStatus) : OptionalInt.empty());
  }

  ObjectNode json() {
    return Json.object()
        .put("model", model)
        .put("operation", operation)
        .put("kind", kind.wireName)
        .put("status", status)
        .put("errorType", errorType)
        .put("retryAfterSeconds", retryAfterSeconds)
        .put("afterEvents", afterEvents)
        .put("afterBytes", afterBytes)
        .put("delayMillis", delay.toMillis())
        .put("times", times)
        .put("originalStatus", originalStatus);
  }
}
