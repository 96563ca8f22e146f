package dev.weir.inference;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.door.Door;
import dev.weir.runtime.ResponseStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls a door as the streaming runtime does, and reads the reply. */
final class Client {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Door door;
  private final String tenantId;
  private final List<Reply> replies;
  private int patience = Integer.MAX_VALUE;
  private int remainingMillis = 60_000;
  private Runnable whenAnswered = () -> {};

  /**
   * @param replies every reply is added here before it begins
   */
  Client(Door door, String tenantId, List<Reply> replies) {
    this.door = door;
    this.tenantId = tenantId;
    this.replies = replies;
  }

  /** A client that goes away after this many writes have reached it. */
  Client goingAwayAfter(int writes) {
    patience = writes;
    return this;
  }

  /** A client that does this as soon as it has the end of a reply. */
  Client whenAnswered(Runnable next) {
    whenAnswered = next;
    return this;
  }

  /** A client of a function that is stopped after this time. */
  Client remaining(int millis) {
    remainingMillis = millis;
    return this;
  }

  Reply post(String body, String... headers) {
    return handle(event(body, headers));
  }

  /**
   * A request to a door whose path has parameters; its body goes as API Gateway hands over binary
   * ones.
   *
   * @throws RuntimeException what the door lets out, which breaks the connection
   */
  Reply send(Map<String, String> path, byte[] body, String... headers) {
    ObjectNode event = event("", headers);
    event.put("body", body).put("isBase64Encoded", true);
    event.set("pathParameters", JSON.valueToTree(path));
    return handle(event);
  }

  /** Any request of a buffered route. */
  Reply ask(
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> query,
      String body) {
    ObjectNode event = event(body);
    event.put("httpMethod", method).put("resource", resource);
    event.set("pathParameters", JSON.valueToTree(path));
    event.set("queryStringParameters", JSON.valueToTree(query));
    return handle(event);
  }

  private Reply handle(ObjectNode event) {
    Reply reply = new Reply(patience, whenAnswered);
    replies.add(reply);
    try {
      door.handleRequest(
          new ByteArrayInputStream(JSON.writeValueAsBytes(event)),
          reply,
          new RemainingTime(remainingMillis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reply;
  }

  private ObjectNode event(String body, String... headers) {
    var event = JSON.createObjectNode();
    event.put("httpMethod", "POST").put("resource", "/v1/chat/completions").put("body", body);
    var all = event.putObject("headers");
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    event
        .putObject("requestContext")
        .put("requestId", "gateway-1")
        .putObject("authorizer")
        .put("tenantId", tenantId)
        .put("keyId", "k1");
    return event;
  }

  /** What the client received. */
  static final class Reply extends ResponseStream {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final int patience;
    private final Runnable whenAnswered;
    private int writes;
    int status;
    Map<String, String> headers = Map.of();
    boolean closed;

    Reply(int patience, Runnable whenAnswered) {
      this.patience = patience;
      this.whenAnswered = whenAnswered;
    }

    @Override
    public void start(int status, Map<String, String> headers) {
      if (this.status != 0) {
        throw new IllegalStateException("started twice");
      }
      this.status = status;
      this.headers = headers;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (closed || status == 0) {
        throw new IllegalStateException("written outside the reply");
      }
      if (++writes > patience) {
        throw new IOException("broken pipe");
      }
      body.write(bytes, offset, length);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        whenAnswered.run();
      }
    }

    byte[] bytes() {
      return body.toByteArray();
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(body.toByteArray());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The data of each event, {@code [DONE]} included. */
    List<String> data() {
      List<String> data = new ArrayList<>();
      text()
          .lines()
          .filter(line -> line.startsWith("data: "))
          .forEach(line -> data.add(line.substring("data: ".length())));
      return data;
    }

    /** The error's code, empty if there is none. */
    String code() {
      return json().path("error").path("code").asText();
    }

    /** The field that the error is about, empty if there is none. */
    String param() {
      return json().path("error").path("param").asText("");
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private record RemainingTime(int remainingMillis) implements Context {
    @Override
    public int getRemainingTimeInMillis() {
      return remainingMillis;
    }

    @Override
    public String getAwsRequestId() {
      return "aws-1";
    }

    @Override
    public String getLogGroupName() {
      return "";
    }

    @Override
    public String getLogStreamName() {
      return "";
    }

    @Override
    public String getFunctionName() {
      return "chat";
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "";
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new AssertionError("not for doors");
    }

    @Override
    public ClientContext getClientContext() {
      throw new AssertionError("not for doors");
    }

    @Override
    public int getMemoryLimitInMB() {
      return 512;
    }

    @Override
    public LambdaLogger getLogger() {
      throw new AssertionError("not for doors");
    }

    @Override
    public String getXrayTraceId() {
      return "Root=1-trace";
    }
  }
}
