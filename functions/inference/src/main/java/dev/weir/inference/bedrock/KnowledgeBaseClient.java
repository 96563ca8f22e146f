package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.model.Fault;
import dev.weir.retrieval.KnowledgeBase;
import dev.weir.retrieval.Passage;
import dev.weir.retrieval.Retriever;
import dev.weir.route.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** Bedrock Agent Runtime's Retrieve. Thread-safe. */
public final class KnowledgeBaseClient implements Retriever, AutoCloseable {

  private final JsonCall call;

  /** A client with the credentials, Region and endpoint the environment names. */
  public KnowledgeBaseClient(Map<String, String> environment) {
    this(
        Endpoint.of("bedrock-agent-runtime", environment),
        DefaultCredentialsProvider.builder().build());
  }

  KnowledgeBaseClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.call = new JsonCall(endpoint, new Signing("bedrock", endpoint.region(), credentials));
  }

  @Override
  public Found retrieve(KnowledgeBase base, String question, String tenantId, Duration timeout) {
    String path = "/knowledgebases/%s/retrieve".formatted(base.id());
    return switch (call.post(path, body(base, question, tenantId), timeout)) {
      case JsonCall.Result.Reply(JsonNode reply) -> found(reply);
      case JsonCall.Result.Failed(Fault fault) ->
          new Found.Failed(fault.detail(), hasRun(fault), fault.breakerPoints());
    };
  }

  /** A query that nobody answered may have run. */
  private static boolean hasRun(Fault fault) {
    return fault.kind() == Fault.Kind.STALLED
        || fault.kind() == Fault.Kind.RESET
        || fault.kind() == Fault.Kind.CUT
        || fault.kind() == Fault.Kind.CANCELLED;
  }

  private static JsonNode body(KnowledgeBase base, String question, String tenantId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("retrievalQuery").put("text", question);
    ObjectNode search =
        body.putObject("retrievalConfiguration").putObject("vectorSearchConfiguration");
    search.put("numberOfResults", base.results());
    base.permission().ifPresent(permission -> filter(search, permission, tenantId));
    return body;
  }

  private static void filter(
      ObjectNode search, KnowledgeBase.Permission permission, String tenantId) {
    if (permission.everyone().isEmpty()) {
      search
          .putObject("filter")
          .putObject("equals")
          .put("key", permission.attribute())
          .put("value", tenantId);
      return;
    }
    search
        .putObject("filter")
        .putObject("in")
        .put("key", permission.attribute())
        .putArray("value")
        .add(tenantId)
        .add(permission.everyone().get());
  }

  private static Found found(JsonNode reply) {
    JsonNode results = reply.path("retrievalResults");
    if (!results.isArray()) {
      return new Found.Failed("NoResults", true, CircuitBreaker.FULL);
    }
    List<Passage> passages = new ArrayList<>();
    for (JsonNode result : results) {
      passages.add(
          new Passage(
              document(result.path("location")),
              result.path("content").path("text").asText(),
              result.path("score").asDouble()));
    }
    return new Found.Passages(passages);
  }

  /** The one address that every kind of location has under a name of its own. */
  private static String document(JsonNode location) {
    for (String name : List.of("uri", "url", "id")) {
      JsonNode found = location.findPath(name);
      if (found.isTextual()) {
        return found.asText();
      }
    }
    return location.path("type").asText("unknown");
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    call.close();
  }
}
