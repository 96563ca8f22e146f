package dev.weir.local.gateway;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.HttpServer;
import dev.weir.local.lambda.Invocation;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.Outcome;
import dev.weir.local.template.ApiSpec;
import dev.weir.local.template.ApiSpec.Route;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Answers requests as an API Gateway REST API with Lambda proxy integrations does. */
public final class Gateway implements HttpServer.Handler, Closeable {
  private static final int BODY_LIMIT = 10 << 20;

  private final ApiSpec api;
  private final Routes routes;
  private final Lambda lambda;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final ProxyEvent events;
  private final Authorization authorization;
  private final Iam iam;
  private final GatewayResponses responses;
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("gateway-timers").factory());

  /**
   * @param ids makes request ids
   */
  public Gateway(ApiSpec api, Lambda lambda, InstantSource clock, Supplier<String> ids) {
    this.api = api;
    this.lambda = lambda;
    this.clock = clock;
    this.ids = ids;
    routes = new Routes(api.routes());
    events = new ProxyEvent(api.binaryMediaTypes());
    authorization = new Authorization(lambda, events, clock);
    iam = new Iam(clock);
    responses = new GatewayResponses(api.gatewayResponses());
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try {
      var match = routes.match(exchange.method(), exchange.path());
      if (match.isPresent()) {
        var call = call(exchange, match.get().route().path(), match.get().parameters());
        answer(match.get().route(), call);
      } else {
        responses.send(
            GatewayError.MISSING_AUTHENTICATION_TOKEN, call(exchange, exchange.path(), Map.of()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Call call(Exchange exchange, String resource, Map<String, String> parameters) {
    var now = clock.instant();
    var trace =
        exchange.headers().last("X-Amzn-Trace-Id").orElseGet(() -> trace(now.getEpochSecond()));
    return new Call(
        ids.get(), trace, now, exchange, api.stage(), resource, parameters, Map.of(), "");
  }

  private String trace(long seconds) {
    var id = ids.get().replace("-", "");
    return "Root=1-%08x-%s".formatted(seconds, id.substring(0, Math.min(24, id.length())));
  }

  private void answer(Route route, Call call) throws IOException, InterruptedException {
    byte[] body = call.exchange().body().readNBytes(BODY_LIMIT + 1);
    if (body.length > BODY_LIMIT) {
      responses.send(GatewayError.REQUEST_TOO_LARGE, call);
      return;
    }
    if (route.authorizer().filter(ApiSpec.IAM::equals).isPresent()) {
      switch (iam.check(call.exchange(), body)) {
        case Iam.Signed(var userArn) -> integrate(route, call.signedBy(userArn), body);
        case Iam.Refused(var error) -> responses.send(error, call);
      }
      return;
    }
    var authorizer = route.authorizer().map(api.authorizers()::get);
    if (authorizer.isEmpty()) {
      integrate(route, call, body);
      return;
    }
    switch (authorization.check(authorizer.get(), call)) {
      case Authorization.Allowed(var context) -> integrate(route, call.authorized(context), body);
      case Authorization.Refused(var error) -> responses.send(error, call);
    }
  }

  private void integrate(Route route, Call call, byte[] body)
      throws IOException, InterruptedException {
    byte[] event = events.integration(call, body);
    if (event.length > Lambda.PAYLOAD_LIMIT) {
      responses.send(GatewayError.REQUEST_TOO_LARGE, call);
      return;
    }
    var invocation = lambda.invoke(route.function(), event, call.trace());
    call.exchange().onDisconnect(invocation::abandon);
    try {
      switch (invocation.await(route.timeout())) {
        case Outcome.Buffered(var result) -> buffered(route, call, result);
        case Outcome.Streamed(var result) -> {
          if (route.streaming()) {
            relay(route, call, new Relay(result), invocation);
          } else {
            // The whole stream would be the payload, and that is no proxy result.
            result.cut();
            responses.send(GatewayError.INTEGRATION_FAILURE, call);
          }
        }
        case Outcome.Failed _ -> responses.send(GatewayError.INTEGRATION_FAILURE, call);
      }
    } catch (TimeoutException e) {
      invocation.abandon();
      responses.send(GatewayError.INTEGRATION_TIMEOUT, call);
    }
  }

  private void relay(Route route, Call call, Relay relay, Invocation invocation)
      throws IOException {
    var end =
        timers.schedule(invocation::abandon, route.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try {
      if (!relay.send(call.exchange(), call.requestId())) {
        responses.send(GatewayError.INTEGRATION_FAILURE, call);
      }
    } finally {
      end.cancel(false);
    }
  }

  /** A streaming route expects a prelude, even of a result that came whole. */
  private void buffered(Route route, Call call, byte[] result) throws IOException {
    var answer =
        route.streaming()
            ? Relay.whole(result, call.requestId())
            : Answer.ofProxyResult(result, call.requestId());
    if (answer.isPresent()) {
      call.exchange().respond(answer.get().status(), answer.get().headers(), answer.get().body());
    } else {
      responses.send(GatewayError.INTEGRATION_FAILURE, call);
    }
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
