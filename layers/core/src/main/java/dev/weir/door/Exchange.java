package dev.weir.door;

import dev.weir.api.ApiErrorWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One request and its reply. Every reply carries {@code x-request-id}. */
public final class Exchange {

  private final Request request;
  private final String requestId;
  private final Optional<String> traceId;
  private final Replies replies;

  Exchange(Request request, String requestId, Optional<String> traceId, Replies replies) {
    this.request = request;
    this.requestId = requestId;
    this.traceId = traceId;
    this.replies = replies;
  }

  /**
   * A request that the gateway makes for this one, whose whole answer is heard here alone.
   *
   * @param suffix tells its id from this one's
   */
  public Exchange aside(String suffix, byte[] body, HeardReply reply) {
    Request own =
        new Request(
            request.method(),
            request.resource(),
            header("cache-control"),
            Map.of(),
            Map.of(),
            body,
            request.gatewayRequestId(),
            request.authorizer(),
            request.principal());
    return new Exchange(own, requestId + suffix, traceId, reply);
  }

  private Map<String, String> header(String name) {
    return request.header(name).map(value -> Map.of(name, value)).orElse(Map.of());
  }

  public Request request() {
    return request;
  }

  public String requestId() {
    return requestId;
  }

  public Optional<String> traceId() {
    return traceId;
  }

  /** Sends a whole JSON reply and ends it. */
  public void json(int status, Map<String, String> headers, byte[] body) throws IOException {
    replies.whole(status, headers("application/json", headers), body);
  }

  /** Sends a whole reply of any type and ends it. */
  public void body(int status, String contentType, Map<String, String> headers, byte[] body)
      throws IOException {
    replies.whole(status, headers(contentType, headers), body);
  }

  /** Starts a body of any type; closing it ends the reply. */
  public OutputStream stream(String contentType, Map<String, String> headers) throws IOException {
    return replies.streamed(200, headers(contentType, headers));
  }

  /** Sends a problem as the whole reply. */
  public void problem(Problem problem, Map<String, String> moreHeaders) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>(moreHeaders);
    headers.putAll(problem.headers());
    json(problem.error().status(), headers, ApiErrorWriter.bytes(problem.error()));
  }

  /** Starts a stream of server-sent events; closing it ends the reply. */
  public OutputStream events(Map<String, String> headers) throws IOException {
    Map<String, String> all = headers("text/event-stream; charset=utf-8", headers);
    all.put("cache-control", "no-cache");
    return replies.streamed(200, all);
  }

  /** Whether status and headers have left. */
  public boolean started() {
    return replies.started();
  }

  private Map<String, String> headers(String contentType, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("content-type", contentType);
    all.put("x-request-id", requestId);
    all.putAll(headers);
    return all;
  }
}
