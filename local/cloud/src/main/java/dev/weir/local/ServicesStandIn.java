package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.events.EventsException;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import dev.weir.states.StatesException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What functions and operators ask of other services: SSM as far as the template has parameters
 * (GetParameter and PutParameter), SNS's Publish, EventBridge's PutEvents, and Step Functions. What
 * is published is written down too.
 */
final class ServicesStandIn implements HttpServer.Handler {
  private static final int BODY_LIMIT = 1 << 20;
  private static final String SSM = "AmazonSSM.";
  private static final String STATES = "AWSStepFunctions.";
  private static final String PUT_EVENTS = "AWSEvents.PutEvents";

  private final Map<String, String> values;
  private final Automation automation;
  private final InstantSource clock;
  private final Path notices;
  private final ObjectMapper json = new ObjectMapper();

  ServicesStandIn(
      Map<String, String> values, Automation automation, InstantSource clock, Path notices) {
    this.values = new ConcurrentHashMap<>(values);
    this.automation = automation;
    this.clock = clock;
    this.notices = notices;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(BODY_LIMIT);
    String target = exchange.headers().last("X-Amz-Target").orElse("");
    if (target.isEmpty()) {
      publish(exchange, new String(body, UTF_8));
    } else if (json.readTree(body) instanceof ObjectNode request) {
      call(exchange, target, request);
    } else {
      refuse(exchange, "SerializationException", "not a JSON object");
    }
  }

  private void call(Exchange exchange, String target, ObjectNode request) throws IOException {
    try {
      if (target.equals(PUT_EVENTS)) {
        writeDown(target, request.toString());
        send(exchange, automation.putEvents(request));
      } else if (target.startsWith(SSM)) {
        parameter(exchange, target.substring(SSM.length()), request);
      } else if (target.startsWith(STATES) && automation.remediation().isPresent()) {
        var states = automation.remediation().get().states();
        send(exchange, states.call(target.substring(STATES.length()), request));
      } else {
        refuse(exchange, "UnknownOperationException", target);
      }
    } catch (StatesException e) {
      refuse(exchange, e.code(), String.valueOf(e.getMessage()));
    } catch (EventsException e) {
      refuse(exchange, e.code(), String.valueOf(e.getMessage()));
    } catch (UnsupportedOperationException e) {
      refuse(exchange, "UnknownOperationException", target);
    } catch (IllegalArgumentException e) {
      refuse(exchange, "ValidationException", String.valueOf(e.getMessage()));
    }
  }

  private void parameter(Exchange exchange, String operation, JsonNode request) throws IOException {
    String name = request.path("Name").asText();
    if (!values.containsKey(name)) {
      refuse(exchange, "ParameterNotFound", name);
      return;
    }
    switch (operation) {
      case "GetParameter" -> {
        var reply = json.createObjectNode();
        reply
            .putObject("Parameter")
            .put("Name", name)
            .put("Type", "String")
            .put("Value", values.get(name))
            .put("LastModifiedDate", clock.millis() / 1000.0);
        send(exchange, reply);
      }
      case "PutParameter" -> {
        values.put(name, request.path("Value").asText());
        send(exchange, json.createObjectNode().put("Version", 2));
      }
      default -> refuse(exchange, "UnknownOperationException", operation);
    }
  }

  /** SNS speaks AWS Query. */
  private void publish(Exchange exchange, String form) throws IOException {
    writeDown("SNS.Publish", form);
    var request = new HashMap<String, String>();
    for (String field : form.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        request.put(
            URLDecoder.decode(field.substring(0, equals), UTF_8),
            URLDecoder.decode(field.substring(equals + 1), UTF_8));
      }
    }
    String id =
        automation
            .remediation()
            .map(it ->
                it.publish(
                    request.getOrDefault("TopicArn", ""),
                    request.getOrDefault("Subject", ""),
                    request.getOrDefault("Message", "")))
            .orElse("message");
    String reply =
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>"
            + "<MessageId>%s</MessageId></PublishResult></PublishResponse>";
    exchange.respond(
        200, Headers.of("Content-Type", "text/xml"), reply.formatted(id).getBytes(UTF_8));
  }

  private synchronized void writeDown(String call, String body) throws IOException {
    Files.writeString(
        notices, call + " " + body + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void send(Exchange exchange, JsonNode reply) throws IOException {
    respond(exchange, 200, reply);
  }

  private void refuse(Exchange exchange, String type, String message) throws IOException {
    respond(exchange, 400, json.createObjectNode().put("__type", type).put("message", message));
  }

  private void respond(Exchange exchange, int status, JsonNode body) throws IOException {
    exchange.respond(
        status,
        Headers.of("Content-Type", "application/x-amz-json-1.1"),
        json.writeValueAsBytes(body));
  }
}
