package dev.weir.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.http.Topic;
import dev.weir.ledger.Notice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Publishes notices to an SNS topic (Publish) and to the account's event bus (PutEvents), as JSON.
 */
final class NoticePublisher implements Consumer<Notice> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceCall events;
  private final Topic topic;

  /** With the credentials, Region, endpoints and {@code NOTICE_TOPIC} the environment names. */
  NoticePublisher(Map<String, String> environment) {
    var credentials = DefaultCredentialsProvider.builder().build();
    this.events = new ServiceCall("events", Endpoint.of("events", environment), credentials);
    this.topic =
        new Topic(
            new ServiceCall("sns", Endpoint.of("sns", environment), credentials),
            environment.getOrDefault("NOTICE_TOPIC", ""));
  }

  @Override
  public void accept(Notice notice) {
    String detail = detail(notice).toString();
    String subject =
        "Weir: %s has used %d %% of its %s's budget"
            .formatted(notice.tenantId(), notice.percent(), notice.period());
    topic.publish(subject, detail);
    putEvent(detail);
  }

  /** PutEvents succeeds as a call even where an event was refused. */
  private void putEvent(String detail) {
    ObjectNode request = JSON.createObjectNode();
    request
        .putArray("Entries")
        .addObject()
        .put("Source", "weir")
        .put("DetailType", "Budget mark reached")
        .put("Detail", detail);
    try {
      JsonNode reply =
          JSON.readTree(
              events.post(
                  "application/x-amz-json-1.1",
                  Map.of("X-Amz-Target", "AWSEvents.PutEvents"),
                  JSON.writeValueAsBytes(request)));
      if (reply.path("FailedEntryCount").asInt() > 0) {
        throw new IOException("EventBridge refused the event");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode detail(Notice notice) {
    return JSON.createObjectNode()
        .put("id", notice.id())
        .put("tenant", notice.tenantId())
        .put("period", notice.period())
        .put("window", notice.window())
        .put("percent", notice.percent())
        .put("usedMicroUsd", notice.usedMicroUsd())
        .put("limitMicroUsd", notice.limitMicroUsd())
        .put("at", Instant.ofEpochMilli(notice.atMillis()).toString())
        .put("switchedOff", notice.switchesOff());
  }
}
