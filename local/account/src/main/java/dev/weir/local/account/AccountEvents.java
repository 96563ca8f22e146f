package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.ExecutionDescription;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Events in EventBridge's envelope. */
final class AccountEvents {
  private final String region;
  private final String account;
  private final Supplier<String> ids;

  AccountEvents(String region, String account, Supplier<String> ids) {
    this.region = region;
    this.account = account;
    this.ids = ids;
  }

  ObjectNode event(String source, String type, Instant time, JsonNode detail) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("version", "0")
            .put("id", ids.get())
            .put("detail-type", type)
            .put("source", source)
            .put("account", account)
            .put("time", time.toString())
            .put("region", region);
    event.putArray("resources");
    event.set("detail", detail.deepCopy());
    return event;
  }

  /** What Step Functions tells of an execution that has ended (developer guide, "EventBridge"). */
  ObjectNode ended(ExecutionDescription execution) {
    ObjectNode detail =
        JsonNodeFactory.instance
            .objectNode()
            .put("executionArn", execution.executionArn())
            .put("stateMachineArn", execution.stateMachineArn())
            .put("name", execution.name())
            .put("status", execution.status().name())
            .put("startDate", execution.startDate().toEpochMilli())
            .put("input", execution.input().toString());
    Optional<Instant> stop = execution.stopDate();
    detail.put("stopDate", stop.map(Instant::toEpochMilli).orElse(null));
    detail.put("output", execution.output().map(JsonNode::toString).orElse(null));
    detail.put("error", execution.error().orElse(null));
    detail.put("cause", execution.cause().orElse(null));
    ObjectNode event =
        event(
            "aws.states",
            "Step Functions Execution Status Change",
            stop.orElse(execution.startDate()),
            detail);
    event.withArray("resources").add(execution.executionArn());
    return event;
  }
}
