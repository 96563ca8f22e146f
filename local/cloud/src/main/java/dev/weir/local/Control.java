package dev.weir.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.Outcome;
import dev.weir.local.process.Children;
import dev.weir.local.sagemaker.WorldControl;
import dev.weir.states.StatesException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Pulls cables: the paths under {@code /_local/} of the front. */
final class Control {
  static final String ROOT = "/_local/";
  private static final String RUNTIME = "sagemaker-runtime/";
  private static final String REMEDIATION = "remediation/";
  private static final String UNKNOWN =
      "no such control; there are GET environments, GET processes,"
          + " POST functions/{function} with an event to invoke it,"
          + " POST environments/{function}/{kill|freeze|thaw}, POST dynamodb/{pause|resume},"
          + " bedrock/* and sagemaker-runtime/* for the stand-in's own, and with state machines"
          + " sagemaker/* for their world, GET remediation/,"
          + " GET remediation/executions/{machine}/{name}, POST remediation/modes/{action}";

  private static final Duration INVOCATION = Duration.ofSeconds(60);

  private final Lambda lambda;
  private final Children children;
  private final Backends backends;
  private final HttpClient http;
  private final Optional<WorldControl> world;
  private final Optional<RemediationControl> remediation;
  private final ObjectMapper json = new ObjectMapper();

  Control(
      Lambda lambda,
      Children children,
      Backends backends,
      HttpClient http,
      Optional<Remediation> machines,
      Optional<RemediationControl> remediation) {
    this.world = machines.map(it -> new WorldControl(it.account().world()));
    this.remediation = remediation;
    this.lambda = lambda;
    this.children = children;
    this.backends = backends;
    this.http = http;
  }

  void handle(Exchange exchange) throws IOException {
    var path = exchange.path().substring(ROOT.length());
    try {
      var bedrock = backends.bedrock();
      if (path.startsWith("bedrock/") && bedrock.isPresent()) {
        pass(exchange, bedrock.get().resolve("/_control/" + path.substring("bedrock/".length())));
        return;
      }
      if (exchange.method().equals("POST") && path.startsWith("functions/")) {
        invoke(exchange, path.substring("functions/".length()));
        return;
      }
      if (path.startsWith(RUNTIME) && bedrock.isPresent()) {
        var own = path.substring(RUNTIME.length());
        pass(exchange, bedrock.get().resolve("/_control/sagemaker/" + own));
        return;
      }
      if (exchange.path().startsWith(WorldControl.ROOT + "/") && world.isPresent()) {
        world.get().handle(exchange, exchange.body().readAllBytes());
        return;
      }
      Optional<? extends Object> answer =
          path.startsWith(REMEDIATION)
              ? remediate(exchange, path.substring(REMEDIATION.length()))
              : answer(exchange.method() + " " + path);
      if (answer.isPresent()) {
        send(exchange, 200, answer.get());
      } else {
        send(exchange, 404, error(UNKNOWN));
      }
    } catch (JsonProcessingException e) {
      send(exchange, 400, error("the body is no JSON"));
    } catch (IllegalArgumentException e) {
      send(
          exchange,
          path.startsWith(REMEDIATION) ? 400 : 404,
          error(String.valueOf(e.getMessage())));
    } catch (StatesException e) {
      send(exchange, 404, error(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Object> answer(String request) throws IOException {
    var words = request.split("[ /]");
    return switch (words[0] + " " + words[1]) {
      case "GET environments" -> Optional.of(lambda.environments());
      case "GET processes" -> Optional.of(children.running());
      case "POST environments" ->
          words.length == 4 ? environments(words[2], words[3]) : Optional.empty();
      case "POST dynamodb" -> words.length == 3 ? pause(words[2]) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<? extends Object> remediate(Exchange exchange, String path) throws IOException {
    var body = json.readTree(exchange.body().readAllBytes());
    return remediation.flatMap(it -> it.answer(exchange.method(), path, body));
  }

  /** What a trigger does that there is none of here. */
  private void invoke(Exchange exchange, String function) throws IOException, InterruptedException {
    var invocation = lambda.invoke(function, exchange.body().readNBytes(Lambda.PAYLOAD_LIMIT), "");
    try {
      switch (invocation.await(INVOCATION)) {
        case Outcome.Buffered(var result) ->
            exchange.respond(200, Headers.of("Content-Type", "application/json"), result);
        case Outcome.Failed(_, var message) -> send(exchange, 502, error(message));
        case Outcome.Streamed(var result) -> {
          result.cut();
          send(exchange, 502, error("a stream"));
        }
      }
    } catch (TimeoutException e) {
      invocation.abandon();
      send(exchange, 504, error("no answer in " + INVOCATION.toSeconds() + " s"));
    }
  }

  private Optional<Object> environments(String function, String action) {
    return switch (action) {
      case "kill" -> Optional.of(count(lambda.kill(function)));
      case "freeze" -> Optional.of(count(lambda.freeze(function)));
      case "thaw" -> Optional.of(count(lambda.thaw(function)));
      default -> Optional.empty();
    };
  }

  private Optional<Object> pause(String action) throws IOException {
    if (!(action.equals("pause") || action.equals("resume"))) {
      return Optional.empty();
    }
    backends.pauseDynamoDb(action.equals("pause"));
    return Optional.of(count(1));
  }

  private void pass(Exchange exchange, URI target) throws IOException, InterruptedException {
    var query = exchange.query().isEmpty() ? "" : "?" + exchange.query();
    var body = HttpRequest.BodyPublishers.ofByteArray(exchange.body().readAllBytes());
    var request =
        HttpRequest.newBuilder(URI.create(target + query)).method(exchange.method(), body).build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    var type = response.headers().firstValue("content-type").orElse("application/json");
    exchange.respond(response.statusCode(), Headers.of("Content-Type", type), response.body());
  }

  private void send(Exchange exchange, int status, Object answer) throws IOException {
    var headers = Headers.of("Content-Type", "application/json");
    exchange.respond(status, headers, json.writeValueAsBytes(answer));
  }

  private static Object count(int processes) {
    return JsonNodeFactory.instance.objectNode().put("processes", processes);
  }

  private static Object error(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }
}
