package dev.weir.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.http.Exchange;
import java.net.URLDecoder;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes the events of a REST API: proxy events (payload version 1) and authorizer requests. */
final class ProxyEvent {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Set<String> binaryMediaTypes;

  ProxyEvent(Set<String> binaryMediaTypes) {
    this.binaryMediaTypes = binaryMediaTypes;
  }

  /** The event of a Lambda proxy integration. */
  byte[] integration(Call call, byte[] body) {
    var event = request(call);
    boolean binary = isBinary(call.exchange());
    if (body.length == 0) {
      event.putNull("body");
    } else {
      event.put(
          "body", binary ? Base64.getEncoder().encodeToString(body) : new String(body, UTF_8));
    }
    return bytes(event.put("isBase64Encoded", binary && body.length > 0));
  }

  /** The event of an authorizer of type REQUEST. */
  byte[] authorizer(Call call, String methodArn) {
    return bytes(request(call).put("type", "REQUEST").put("methodArn", methodArn));
  }

  private boolean isBinary(Exchange exchange) {
    var type = exchange.headers().last("Content-Type").orElse("").split(";", 2)[0].strip();
    return binaryMediaTypes.contains("*/*") || binaryMediaTypes.contains(type);
  }

  private static ObjectNode request(Call call) {
    var exchange = call.exchange();
    var event = JSON.createObjectNode();
    event.put("resource", call.resource()).put("path", exchange.path());
    event.put("httpMethod", exchange.method());
    putMulti(event, "headers", "multiValueHeaders", headers(call));
    putMulti(
        event, "queryStringParameters", "multiValueQueryStringParameters", query(exchange.query()));
    if (call.pathParameters().isEmpty()) {
      event.putNull("pathParameters");
    } else {
      event.set("pathParameters", JSON.valueToTree(call.pathParameters()));
    }
    event.putNull("stageVariables");
    event.set("requestContext", context(call));
    return event;
  }

  private static Map<String, List<String>> headers(Call call) {
    var headers = new LinkedHashMap<String, List<String>>();
    for (var field : call.exchange().headers().fields()) {
      add(headers, field.name(), field.value());
    }
    add(headers, "X-Amzn-Trace-Id", call.trace());
    add(headers, "X-Forwarded-For", "127.0.0.1");
    add(headers, "X-Forwarded-Proto", "http");
    return headers;
  }

  private static Map<String, List<String>> query(String query) {
    var parameters = new LinkedHashMap<String, List<String>>();
    for (var pair : query.split("&")) {
      if (!pair.isEmpty()) {
        var parts = pair.split("=", 2);
        add(parameters, decode(parts[0]), parts.length < 2 ? "" : decode(parts[1]));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static void add(Map<String, List<String>> values, String name, String value) {
    values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private static void putMulti(
      ObjectNode event, String single, String multi, Map<String, List<String>> values) {
    if (values.isEmpty()) {
      event.putNull(single).putNull(multi);
      return;
    }
    var last = event.putObject(single);
    values.forEach((name, all) -> last.put(name, all.getLast()));
    event.set(multi, JSON.valueToTree(values));
  }

  private static ObjectNode context(Call call) {
    var exchange = call.exchange();
    var context = JSON.createObjectNode();
    context.put("accountId", "000000000000").put("apiId", "local").put("resourceId", "local");
    context.put("resourcePath", call.resource()).put("httpMethod", exchange.method());
    context.put("path", "/" + call.stage() + exchange.path()).put("stage", call.stage());
    context.put("requestId", call.requestId()).put("extendedRequestId", call.requestId());
    context.put("protocol", "HTTP/1.1");
    context.put("domainName", exchange.headers().last("Host").orElse("127.0.0.1"));
    context.put("requestTime", TIME.format(call.time()));
    context.put("requestTimeEpoch", call.time().toEpochMilli());
    var identity = context.putObject("identity");
    identity.put("sourceIp", "127.0.0.1");
    identity.put("userAgent", exchange.headers().last("User-Agent").orElse(null));
    if (!call.userArn().isEmpty()) {
      identity.put("userArn", call.userArn()).put("caller", call.userArn());
    }
    if (!call.authorizer().isEmpty()) {
      context.set("authorizer", JSON.valueToTree(call.authorizer()));
    }
    return context;
  }

  private static byte[] bytes(ObjectNode event) {
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
