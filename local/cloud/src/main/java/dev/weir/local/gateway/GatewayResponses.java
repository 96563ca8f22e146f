package dev.weir.local.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.weir.local.http.Headers;
import dev.weir.local.template.ApiSpec.GatewayResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers in the gateway's own name, with the template's texts where it has some. */
final class GatewayResponses {
  private static final Pattern VARIABLE = Pattern.compile("\\$context\\.(\\w+(?:\\.\\w+)*)");
  private static final GatewayResponse BUILT_IN =
      new GatewayResponse(
          OptionalInt.empty(),
          Map.of(),
          Map.of("application/json", "{\"message\":$context.error.messageString}"));

  private final Map<String, GatewayResponse> customised;

  GatewayResponses(Map<String, GatewayResponse> customised) {
    this.customised = customised;
  }

  void send(GatewayError error, Call call) throws IOException {
    var family = error.status() < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX";
    var response = customised.getOrDefault(error.name(), customised.getOrDefault(family, BUILT_IN));
    var context = context(error, call);
    var templates = response.templates().isEmpty() ? BUILT_IN.templates() : response.templates();
    var json = templates.get("application/json");
    var template = json != null ? json : templates.values().iterator().next();
    var headers = Headers.of("Content-Type", "application/json");
    headers.add("x-amzn-RequestId", call.requestId());
    headers.add("x-amzn-ErrorType", error.name());
    response.headers().forEach((name, value) -> headers.set(name, value(value, context)));
    byte[] body = substitute(template, context).getBytes(UTF_8);
    call.exchange().respond(response.status().orElse(error.status()), headers, body);
  }

  private static String value(String expression, Map<String, String> context) {
    if (expression.startsWith("'")) {
      return expression.substring(1, expression.length() - 1);
    }
    return context.getOrDefault(expression.replaceFirst("^context\\.", ""), "");
  }

  private static String substitute(String template, Map<String, String> context) {
    return VARIABLE
        .matcher(template)
        .replaceAll(it -> Matcher.quoteReplacement(context.getOrDefault(it.group(1), "")));
  }

  private static Map<String, String> context(GatewayError error, Call call) {
    var context = new HashMap<String, String>();
    context.put("requestId", call.requestId());
    context.put("extendedRequestId", call.requestId());
    context.put("requestTimeEpoch", Long.toString(call.time().toEpochMilli()));
    context.put("httpMethod", call.exchange().method());
    context.put("path", call.exchange().path());
    context.put("resourcePath", call.resource());
    context.put("stage", call.stage());
    context.put("protocol", "HTTP/1.1");
    context.put("identity.sourceIp", "127.0.0.1");
    context.put("xrayTraceId", call.trace());
    call.authorizer().forEach((name, value) -> context.put("authorizer." + name, value));
    context.put("error.message", error.message());
    context.put("error.messageString", new TextNode(error.message()).toString());
    context.put("error.responseType", error.name());
    return context;
  }
}
