package dev.weir.inference.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.http.Endpoint;
import dev.weir.http.NotConnectedException;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.inference.upstream.HttpFault;
import dev.weir.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * One JSON request to Bedrock and its whole reply, with the SDK's signer and HTTP client. Makes
 * exactly one attempt and gives up at its timeout wherever the service stalls. Thread-safe.
 */
final class JsonCall implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Above every timeout: that one ends the call. */
  private static final Duration READ = Duration.ofMinutes(1);

  private static final int LONGEST_REPLY = 8 * 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /** What came back. */
  sealed interface Result {

    record Reply(JsonNode body) implements Result {}

    record Failed(Fault fault) implements Result {}
  }

  JsonCall(Endpoint endpoint, Signing signing) {
    this.endpoint = endpoint;
    this.signing = signing;
  }

  Result post(String path, JsonNode body, Duration timeout) {
    FutureTask<Result> call = new FutureTask<>(() -> exchange(path, body));
    Thread caller = Thread.ofVirtual().name("bedrock-json").start(call);
    try {
      return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      caller.interrupt();
      return failed(Fault.Kind.STALLED, "Timeout");
    } catch (ExecutionException e) {
      return failed(kind(e), String.valueOf(e.getCause()).split("[:(]", 2)[0]);
    } catch (InterruptedException e) {
      caller.interrupt();
      Thread.currentThread().interrupt();
      return failed(Fault.Kind.CANCELLED, "Interrupted");
    }
  }

  private static Fault.Kind kind(ExecutionException e) {
    return e.getCause() instanceof NotConnectedException ? Fault.Kind.CONNECTION : Fault.Kind.RESET;
  }

  private static Result failed(Fault.Kind kind, String detail) {
    return new Result.Failed(Fault.of(kind, detail));
  }

  private Result exchange(String path, JsonNode json) throws IOException {
    byte[] body = MAPPER.writeValueAsBytes(json);
    SdkHttpRequest request =
        endpoint
            .post(path, "application/json", body.length)
            .putHeader("Accept", "application/json")
            .build();
    HttpExecuteResponse response = http.prepareRequest(signing.sign(request, body)).call();
    try (InputStream reply =
        response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty())) {
      byte[] bytes = reply.readNBytes(LONGEST_REPLY);
      if (response.httpResponse().isSuccessful()) {
        return read(bytes);
      }
      String name =
          response
              .httpResponse()
              .firstMatchingHeader("x-amzn-errortype")
              .orElse(ConverseEvents.errorType(bytes));
      return new Result.Failed(
          BedrockFault.ofStatus(
              response.httpResponse().statusCode(),
              name,
              response.httpResponse().firstMatchingHeader("retry-after").flatMap(HttpFault::wait)));
    }
  }

  private static Result read(byte[] bytes) throws IOException {
    try {
      return new Result.Reply(MAPPER.readTree(bytes));
    } catch (JsonProcessingException e) {
      return failed(Fault.Kind.CUT, "NoJson");
    }
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    http.close();
  }
}
