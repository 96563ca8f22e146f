package dev.weir.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** One entry of a PutEvents request, read (API reference, PutEventsRequestEntry). */
sealed interface Entry {
  JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * An event to come.
   *
   * @param time empty for now
   */
  record Accepted(
      String source,
      String detailType,
      Optional<Instant> time,
      ArrayNode resources,
      ObjectNode detail)
      implements Entry {}

  /** No event. */
  record Refused(String code, String message) implements Entry {}

  /** Reads one entry. */
  static Entry read(JsonNode entry) {
    for (String name : new String[] {"Source", "DetailType", "Detail"}) {
      if (entry.path(name).asText().isEmpty()) {
        return new Refused("InvalidArgument", "Parameter " + name + " is not valid.");
      }
    }
    String source = entry.get("Source").asText();
    if (source.startsWith("aws.")) {
      return new Refused("NotAuthorizedForSource", "Not authorized for the source.");
    }
    if (!entry.path("EventBusName").asText("default").matches("(.*:event-bus/)?default")) {
      return new Refused("ResourceNotFoundException", "There is no bus but the default one.");
    }
    try {
      return new Accepted(
          source,
          entry.get("DetailType").asText(),
          Optional.ofNullable(entry.get("Time")).map(Entry::time),
          entry.path("Resources") instanceof ArrayNode resources
              ? resources
              : JsonNodeFactory.instance.arrayNode(),
          (ObjectNode) JSON.readTree(entry.get("Detail").asText()));
    } catch (JsonProcessingException | ClassCastException e) {
      return new Refused("MalformedDetail", "Detail is malformed.");
    } catch (DateTimeException e) {
      return new Refused("InvalidArgument", "Parameter Time is not valid.");
    }
  }

  /** Seconds since 1970 on the wire, ISO 8601 from state machines. */
  private static Instant time(JsonNode time) {
    return time.isNumber()
        ? Instant.ofEpochMilli(Math.round(time.doubleValue() * 1000))
        : Instant.parse(time.asText());
  }
}
