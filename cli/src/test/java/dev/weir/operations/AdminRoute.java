package dev.weir.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.admin.AdminApi;
import dev.weir.admin.Rooms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;

/** The admin routes as API Gateway asks for them, but for the network. */
public final class AdminRoute {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A minute is left, and nothing else of an invocation is ever asked for. */
  private static final Context MINUTE =
      (Context)
          Proxy.newProxyInstance(
              Context.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (_, method, _) -> method.getReturnType() == int.class ? 60_000 : "");

  private final AdminHandler handler;

  /** What the routes answered. */
  public record Reply(int status, String body) {

    /** Why nothing was done; empty where something was. */
    public String message() {
      try {
        return body.isEmpty() ? "" : JSON.readTree(body).at("/error/message").asText();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public AdminRoute(Rooms rooms) {
    this.handler = new AdminHandler(new AdminApi(rooms), rooms.log(), () -> "req_route");
  }

  /**
   * Asks.
   *
   * @param resource its template, such as {@code /tenants/{tenant}}
   */
  public Reply ask(
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> headers,
      Optional<String> body) {
    ObjectNode event = JSON.createObjectNode();
    event.put("httpMethod", method).put("resource", "/admin/v1" + resource);
    event.set("pathParameters", JSON.valueToTree(path));
    event.set("headers", JSON.valueToTree(headers));
    event.put("body", body.orElse(null));
    event
        .putObject("requestContext")
        .put("requestId", "gateway")
        .putObject("identity")
        .put("userArn", "arn:aws:iam::1:user/ann");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out, MINUTE);
      JsonNode reply = JSON.readTree(out.toByteArray());
      return new Reply(reply.path("statusCode").asInt(), reply.path("body").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
