package dev.weir.remedy.approval;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.ServiceCall;
import dev.weir.http.ServiceRefusedException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/** Callbacks by SendTaskSuccess and SendTaskFailure of AWS Step Functions. */
public final class StepFunctions implements Callbacks {

  /** What the guard catches. */
  private static final String DENIED = "Remediation.Denied";

  private static final Set<String> GONE = Set.of("TaskTimedOut", "TaskDoesNotExist");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceCall service;

  /**
   * @param service of Step Functions, {@code states}
   */
  public StepFunctions(ServiceCall service) {
    this.service = service;
  }

  @Override
  public Told tell(String token, Decision decision) {
    ObjectNode request = JSON.createObjectNode().put("taskToken", token);
    ObjectNode output =
        JSON.createObjectNode().put("approvedBy", decision.by()).put("comment", decision.comment());
    return switch (decision.verdict()) {
      case APPROVE -> call("SendTaskSuccess", request.put("output", output.toString()));
      case DENY ->
          call(
              "SendTaskFailure",
              request
                  .put("error", DENIED)
                  .put("cause", (decision.by() + ": " + decision.comment()).strip()));
    };
  }

  private Told call(String operation, ObjectNode request) {
    try {
      service.post(
          "application/x-amz-json-1.0",
          Map.of("X-Amz-Target", "AWSStepFunctions." + operation),
          request.toString().getBytes(UTF_8));
      return Told.YES;
    } catch (UncheckedIOException e) {
      return e.getCause() instanceof ServiceRefusedException refused
              && GONE.contains(refused.type())
          ? Told.GONE
          : Told.UNKNOWN;
    }
  }
}
