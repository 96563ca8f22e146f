package dev.weir.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.Outcome;
import dev.weir.local.template.ApiSpec.Authorizer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** Asks a Lambda authorizer of type REQUEST and remembers its policies. */
final class Authorization {
  private static final Duration TIMEOUT = Duration.ofSeconds(29);
  private static final int CACHE_LIMIT = 10_000;

  private final Lambda lambda;
  private final ProxyEvent events;
  private final InstantSource clock;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<List<String>, Remembered> cache = new ConcurrentHashMap<>();

  /** Whether a call may go on. */
  sealed interface Verdict {}

  /** With what the integration is told about the caller. */
  record Allowed(Map<String, String> context) implements Verdict {}

  record Refused(GatewayError error) implements Verdict {}

  private record Remembered(Policy policy, Map<String, String> context, Instant end) {}

  Authorization(Lambda lambda, ProxyEvent events, InstantSource clock) {
    this.lambda = lambda;
    this.events = events;
    this.clock = clock;
  }

  Verdict check(Authorizer authorizer, Call call) throws InterruptedException {
    var key = new ArrayList<String>();
    key.add(authorizer.name());
    for (var source : authorizer.identitySources()) {
      var value = identity(source, call);
      if (value.isEmpty()) {
        return new Refused(GatewayError.UNAUTHORIZED);
      }
      key.add(value.get());
    }
    var arn = methodArn(call);
    var known = cache.get(key);
    if (known == null || !clock.instant().isBefore(known.end())) {
      var answer = ask(authorizer, call, arn);
      if (answer instanceof Unusable(var error)) {
        return new Refused(error);
      }
      known = ((Usable) answer).remembered();
      remember(key, known);
    }
    return known.policy().allows(arn)
        ? new Allowed(known.context())
        : new Refused(GatewayError.ACCESS_DENIED);
  }

  private sealed interface Answer {}

  private record Usable(Remembered remembered) implements Answer {}

  private record Unusable(GatewayError error) implements Answer {}

  private Answer ask(Authorizer authorizer, Call call, String arn) throws InterruptedException {
    var invocation =
        lambda.invoke(authorizer.function(), events.authorizer(call, arn), call.trace());
    try {
      return switch (invocation.await(TIMEOUT)) {
        case Outcome.Buffered(var result) -> read(result, authorizer.ttl());
        case Outcome.Failed(_, var message) ->
            new Unusable(
                message.equals("Unauthorized")
                    ? GatewayError.UNAUTHORIZED
                    : GatewayError.AUTHORIZER_FAILURE);
        case Outcome.Streamed(var result) -> {
          result.cut();
          yield new Unusable(GatewayError.AUTHORIZER_CONFIGURATION_ERROR);
        }
      };
    } catch (TimeoutException e) {
      return new Unusable(GatewayError.AUTHORIZER_FAILURE);
    }
  }

  private Answer read(byte[] result, Duration ttl) {
    JsonNode answer;
    try {
      answer = json.readTree(result);
    } catch (IOException e) {
      return new Unusable(GatewayError.AUTHORIZER_CONFIGURATION_ERROR);
    }
    var document = answer.path("policyDocument");
    if (!answer.path("principalId").isTextual() || !document.has("Statement")) {
      return new Unusable(GatewayError.AUTHORIZER_CONFIGURATION_ERROR);
    }
    var context = new HashMap<String, String>();
    for (var entry : answer.path("context").properties()) {
      if (!entry.getValue().isValueNode()) {
        return new Unusable(GatewayError.AUTHORIZER_CONFIGURATION_ERROR);
      }
      context.put(entry.getKey(), entry.getValue().asText());
    }
    context.put("principalId", answer.path("principalId").textValue());
    return new Usable(new Remembered(new Policy(document), context, clock.instant().plus(ttl)));
  }

  private void remember(List<String> key, Remembered answer) {
    if (cache.size() >= CACHE_LIMIT) {
      cache.values().removeIf(old -> !clock.instant().isBefore(old.end()));
    }
    cache.put(key, answer);
  }

  private static Optional<String> identity(String source, Call call) {
    var header = "method.request.header.";
    return source.startsWith(header)
        ? call.exchange()
            .headers()
            .last(source.substring(header.length()))
            .filter(value -> !value.isBlank())
        : Optional.empty();
  }

  private static String methodArn(Call call) {
    return "arn:aws:execute-api:us-east-1:000000000000:local/%s/%s/%s"
        .formatted(
            call.stage(), call.exchange().method(), call.exchange().path().replaceFirst("^/", ""));
  }
}
