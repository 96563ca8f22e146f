package dev.weir.local.sagemaker;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.http.HttpServer;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Protocol;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Serves a world on loopback: the three services' APIs at the root, {@code POST
 * /endpoints/{name}/invocations} for probes, and {@code /_local/sagemaker/} for people.
 */
public final class WorldServer implements Closeable {
  private static final int BODY_LIMIT = 6 << 20;
  private static final Pattern INVOCATION = Pattern.compile("/endpoints/([^/]+)/invocations");
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,]+)/");

  private final World world;
  private final WorldControl control;
  private final Supplier<String> requestIds;
  private final HttpServer server;

  /**
   * Serves at once.
   *
   * @param port 0 for any free one
   */
  public WorldServer(World world, int port) throws IOException {
    this.world = world;
    control = new WorldControl(world);
    requestIds = () -> UUID.randomUUID().toString();
    server = new HttpServer(port, this::handle);
  }

  /** Where the SDK's clients go. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private void handle(Exchange exchange) throws IOException {
    byte[] body = body(exchange);
    Matcher invocation = INVOCATION.matcher(exchange.path());
    if (exchange.path().startsWith(WorldControl.ROOT)) {
      control.handle(exchange, body);
    } else if (invocation.matches()) {
      invoke(exchange, invocation.group(1));
    } else {
      call(exchange, body);
    }
  }

  /** The SDK compresses long metric data. */
  private static byte[] body(Exchange exchange) throws IOException {
    byte[] body = exchange.body().readNBytes(BODY_LIMIT);
    if (!exchange.headers().has("content-encoding", "gzip")) {
      return body;
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readNBytes(BODY_LIMIT);
    }
  }

  private void call(Exchange exchange, byte[] body) throws IOException {
    String id = requestIds.get();
    String target = exchange.headers().last("X-Amz-Target").orElse("");
    Protocol protocol;
    try {
      protocol = Protocol.read(target, body);
    } catch (ApiError error) {
      byte[] text = Json.bytes(Json.object().put("__type", error.type()));
      exchange.respond(error.status(), headers("application/x-amz-json-1.1", id), text);
      return;
    }
    Headers headers = headers(protocol.contentType(), id);
    Reply reply =
        world.call(caller(exchange), protocol.service(), protocol.operation(), protocol.request());
    switch (reply) {
      case Reply.Done(var result) -> exchange.respond(200, headers, protocol.reply(result, id));
      case Reply.Refused(var error) ->
          exchange.respond(error.status(), headers, protocol.error(error, id));
      case Reply.Lost() -> exchange.abort();
    }
  }

  private static Headers headers(String type, String requestId) {
    return Headers.of("Content-Type", type, "x-amzn-RequestId", requestId);
  }

  private static String caller(Exchange exchange) {
    Matcher credential = CREDENTIAL.matcher(exchange.headers().last("Authorization").orElse(""));
    return credential.find() ? credential.group(1) : "anonymous";
  }

  private void invoke(Exchange exchange, String endpoint) throws IOException {
    Headers headers = Headers.of("Content-Type", "application/json");
    try {
      boolean good = world.invoke(endpoint);
      String type = good ? "" : "ModelError";
      if (!good) {
        headers.set("x-amzn-ErrorType", type);
      }
      var text =
          good ? Json.object().put("ok", true) : Json.object().put("OriginalStatusCode", 500);
      exchange.respond(good ? 200 : 424, headers, Json.bytes(text));
    } catch (ApiError error) {
      headers.set("x-amzn-ErrorType", "ValidationError");
      exchange.respond(400, headers, Json.bytes(Json.object().put("Message", error.message())));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
