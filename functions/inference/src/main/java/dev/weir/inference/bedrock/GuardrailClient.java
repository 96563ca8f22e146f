package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.guard.Direction;
import dev.weir.guard.Guardrail;
import dev.weir.guard.GuardrailRef;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.model.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** Bedrock Runtime's ApplyGuardrail. Thread-safe. */
public final class GuardrailClient implements Guardrail, AutoCloseable {

  private final JsonCall call;

  /** A client with the credentials, Region and endpoint the environment names. */
  public GuardrailClient(Map<String, String> environment) {
    this(Endpoint.of("bedrock-runtime", environment), DefaultCredentialsProvider.builder().build());
  }

  GuardrailClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.call = new JsonCall(endpoint, new Signing("bedrock", endpoint.region(), credentials));
  }

  @Override
  public Assessment apply(
      GuardrailRef ref, Direction direction, List<String> texts, Duration timeout) {
    String path =
        "/guardrail/%s/version/%s/apply"
            .formatted(SdkHttpUtils.urlEncode(ref.id()), SdkHttpUtils.urlEncode(ref.version()));
    return switch (call.post(path, body(direction, texts), timeout)) {
      case JsonCall.Result.Reply(JsonNode reply) -> GuardrailReply.read(reply);
      case JsonCall.Result.Failed(Fault fault) -> new Assessment.Failed(fault.detail());
    };
  }

  private static JsonNode body(Direction direction, List<String> texts) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("source", direction.text().toUpperCase(Locale.ROOT));
    for (String text : texts) {
      body.withArray("content").addObject().putObject("text").put("text", text);
    }
    return body;
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    call.close();
  }
}
