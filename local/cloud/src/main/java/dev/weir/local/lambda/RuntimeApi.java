package dev.weir.local.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import java.io.IOException;

/** The Lambda Runtime API (2018-06-01) as one environment sees it. */
final class RuntimeApi implements HttpServer.Handler {
  private static final String ROOT = "/2018-06-01/runtime/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NONE = new byte[0];

  private final Environment environment;

  RuntimeApi(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void ended(Object connection) {
    environment.connectionEnded(connection);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    var path = exchange.path().startsWith(ROOT) ? exchange.path().substring(ROOT.length()) : "";
    switch (path) {
      case "invocation/next" -> environment.next(exchange);
      case "restore/next" -> exchange.respond(200, new Headers(), NONE);
      case "init/error", "restore/error" -> {
        byte[] error = exchange.body().readAllBytes();
        accept(exchange);
        environment.initFailed(error);
      }
      default -> answer(path.split("/"), exchange);
    }
  }

  private void answer(String[] path, Exchange exchange) throws IOException {
    var invocation = environment.taken(path.length == 3 ? path[1] : "");
    if (invocation.isEmpty()) {
      exchange.respond(404, new Headers(), NONE);
    } else if (path[2].equals("error")) {
      invocation.get().complete(failure(exchange));
      accept(exchange);
    } else if (exchange.headers().has("Lambda-Runtime-Function-Response-Mode", "streaming")) {
      stream(invocation.get(), exchange);
    } else {
      buffer(invocation.get(), exchange);
    }
  }

  private static void buffer(Invocation invocation, Exchange exchange) throws IOException {
    byte[] result = exchange.body().readAllBytes();
    if (result.length > Lambda.PAYLOAD_LIMIT) {
      var type = "Function.ResponseSizeTooLarge";
      invocation.complete(new Outcome.Failed(type, result.length + " bytes"));
      exchange.respond(413, new Headers(), NONE);
    } else {
      invocation.complete(new Outcome.Buffered(result));
      accept(exchange);
    }
  }

  private static Outcome failure(Exchange exchange) throws IOException {
    var error = JSON.readTree(exchange.body());
    return new Outcome.Failed(
        exchange.headers().last("Lambda-Runtime-Function-Error-Type").orElse("Unhandled"),
        error.path("errorMessage").asText());
  }

  private static void stream(Invocation invocation, Exchange exchange) throws IOException {
    var result = new StreamedResult(exchange);
    if (!invocation.complete(new Outcome.Streamed(result))) {
      exchange.abort();
      return;
    }
    try {
      result.awaitClose();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    accept(exchange);
  }

  private static void accept(Exchange exchange) throws IOException {
    exchange.respond(202, new Headers(), NONE);
  }
}
