package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.Tasks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is sent to people: SNS messages and OpsItems, kept to be looked at. Thread-safe. */
public final class Outbox {
  private final InstantSource clock;
  private final List<Message> messages = new ArrayList<>();
  private final List<OpsItem> opsItems = new ArrayList<>();

  /** One message published to a topic. */
  public record Message(Instant at, String topic, String subject, String text) {}

  /** One OpsItem of Systems Manager. */
  public record OpsItem(Instant at, String title, String severity, JsonNode request) {}

  Outbox(InstantSource clock) {
    this.clock = clock;
  }

  /** Every message so far. */
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Every OpsItem so far. */
  public synchronized List<OpsItem> opsItems() {
    return List.copyOf(opsItems);
  }

  /** Keeps a message, as SNS's Publish has it, and says its result. */
  public synchronized JsonNode publish(JsonNode request) {
    messages.add(
        new Message(
            clock.instant(),
            request.path("TopicArn").asText(),
            request.path("Subject").asText(),
            request.path("Message").asText()));
    return object().put("MessageId", "message-" + messages.size());
  }

  private synchronized Tasks.Reply create(JsonNode request) {
    Optional<String> duplicate = dedup(request);
    if (duplicate.isPresent()
        && opsItems.stream().anyMatch(item -> dedup(item.request()).equals(duplicate))) {
      return new Tasks.Reply.Failed(
          "Ssm.OpsItemAlreadyExistsException", "an OpsItem with this dedupString is open");
    }
    opsItems.add(
        new OpsItem(
            clock.instant(),
            request.path("Title").asText(),
            request.path("Severity").asText(),
            request.deepCopy()));
    return new Tasks.Reply.Done(object().put("OpsItemId", "oi-" + opsItems.size()));
  }

  /** OpsCenter takes no second open item of one deduplication string. */
  private static Optional<String> dedup(JsonNode request) {
    return Optional.of(request.path("OperationalData").path("/aws/dedup").path("Value").asText())
        .filter(value -> !value.isEmpty());
  }

  Tasks topics() {
    return (call, reply) -> reply.accept(new Tasks.Reply.Done(publish(call.arguments())));
  }

  Tasks systemsManager() {
    return (call, reply) ->
        reply.accept(
            call.resource().action().equals("createOpsItem")
                ? create(call.arguments())
                : unknown(call));
  }

  private static Tasks.Reply unknown(Tasks.Call call) {
    throw new IllegalArgumentException("no such task here: " + call.resource().eventName());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
