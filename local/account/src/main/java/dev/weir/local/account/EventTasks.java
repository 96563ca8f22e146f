package dev.weir.local.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Events;
import dev.weir.states.Tasks;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Tasks that put events on the bus. */
final class EventTasks implements Tasks {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Events bus;
  private final InstantSource clock;
  private final AccountEvents events;

  EventTasks(Events bus, InstantSource clock, AccountEvents events) {
    this.bus = bus;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    ObjectNode result = JSON.createObjectNode().put("FailedEntryCount", 0);
    ArrayNode entries = result.putArray("Entries");
    for (JsonNode entry : call.arguments().path("Entries")) {
      ObjectNode event =
          events.event(
              entry.path("Source").asText(),
              entry.path("DetailType").asText(),
              clock.instant().truncatedTo(ChronoUnit.SECONDS),
              detail(entry.path("Detail")));
      entry.path("Resources").forEach(event.withArray("resources")::add);
      entries.addObject().put("EventId", event.path("id").asText());
      bus.publish(event);
    }
    reply.accept(new Reply.Done(result));
  }

  /** The optimised integration takes an object, the API a string of JSON. */
  private static JsonNode detail(JsonNode detail) {
    try {
      return detail.isTextual() ? JSON.readTree(detail.asText()) : detail;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Detail is no JSON: " + detail, e);
    }
  }
}
