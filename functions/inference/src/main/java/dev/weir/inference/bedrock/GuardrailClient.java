package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.guard.Direction;
import dev.weir.guard.Guardrail;
import dev.weir.guard.GuardrailRef;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Bedrock Runtime's ApplyGuardrail, with the SDK's signer and HTTP client. Makes exactly one
 * attempt and gives up at its timeout wherever the service stalls. Thread-safe.
 */
public final class GuardrailClient implements Guardrail, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Above every timeout: that one ends the call. */
  private static final Duration READ = Duration.ofMinutes(1);

  private static final int LONGEST_REPLY = 8 * 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /** A client with the credentials, Region and endpoint the environment names. */
  public GuardrailClient(Map<String, String> environment) {
    this(Endpoint.of("bedrock-runtime", environment), DefaultCredentialsProvider.builder().build());
  }

  GuardrailClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.signing = new Signing("bedrock", endpoint.region(), credentials);
  }

  @Override
  public Assessment apply(
      GuardrailRef ref, Direction direction, List<String> texts, Duration timeout) {
    FutureTask<Assessment> call = new FutureTask<>(() -> exchange(ref, direction, texts));
    Thread caller = Thread.ofVirtual().name("guardrail").start(call);
    try {
      return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      caller.interrupt();
      return new Assessment.Failed("Timeout");
    } catch (ExecutionException e) {
      return new Assessment.Failed(String.valueOf(e.getCause()).split("[:(]", 2)[0]);
    } catch (InterruptedException e) {
      caller.interrupt();
      Thread.currentThread().interrupt();
      return new Assessment.Failed("Interrupted");
    }
  }

  private Assessment exchange(GuardrailRef ref, Direction direction, List<String> texts)
      throws IOException {
    byte[] body = MAPPER.writeValueAsBytes(body(direction, texts));
    HttpExecuteResponse response =
        http.prepareRequest(signing.sign(request(ref, body.length), body)).call();
    try (InputStream reply =
        response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty())) {
      byte[] bytes = reply.readNBytes(LONGEST_REPLY);
      if (!response.httpResponse().isSuccessful()) {
        String name =
            response
                .httpResponse()
                .firstMatchingHeader("x-amzn-errortype")
                .orElse(ConverseEvents.errorType(bytes));
        return new Assessment.Failed(
            BedrockFault.ofStatus(response.httpResponse().statusCode(), name, Optional.empty())
                .detail());
      }
      return GuardrailReply.read(MAPPER.readTree(bytes));
    }
  }

  private SdkHttpRequest request(GuardrailRef ref, int bodyLength) {
    String path =
        "/guardrail/%s/version/%s/apply"
            .formatted(SdkHttpUtils.urlEncode(ref.id()), SdkHttpUtils.urlEncode(ref.version()));
    return endpoint
        .post(path, "application/json", bodyLength)
        .putHeader("Accept", "application/json")
        .build();
  }

  private static JsonNode body(Direction direction, List<String> texts) {
    ObjectNode body =
        MAPPER.createObjectNode().put("source", direction.text().toUpperCase(Locale.ROOT));
    for (String text : texts) {
      body.withArray("content").addObject().putObject("text").put("text", text);
    }
    return body;
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    http.close();
  }
}
