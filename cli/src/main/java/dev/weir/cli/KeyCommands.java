package dev.weir.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cli.Deployment.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code weir key …}. A key is shown once, when it is issued; only its hash is kept. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Issue, rotate and revoke a tenant's keys.")
final class KeyCommands {

  private static final String EXPIRES_IN = "ISO 8601 duration, such as P90D. Default: never.";

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Command(mixinStandardHelpOptions = true, description = "Issue a key and print it, once.")
  int issue(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Option(
              names = "--model",
              description = "A model it may use; repeatable. Default: every model.")
          List<String> models,
      @Option(names = "--expires-in", description = EXPIRES_IN) Optional<String> expiresIn,
      @Option(
              names = "--idempotency-key",
              description = "However often it is used, one key is issued.")
          Optional<String> idempotencyKey,
      @Mixin Deployment deployment) {
    ObjectNode body = lifetime(expiresIn);
    ArrayNode allowed = body.putArray("models");
    (models == null ? List.<String>of() : models).forEach(allowed::add);
    return print(
        deployment,
        deployment.ask(
            weir,
            "POST",
            List.of("tenants", tenant, "keys"),
            Map.of(),
            idempotencyKey.map(key -> Map.of("idempotency-key", key)).orElse(Map.of()),
            Optional.of(body)));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Replace a key at once and print the new one; spend and limits stay.")
  int rotate(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Option(names = "--expires-in", description = EXPIRES_IN) Optional<String> expiresIn,
      @Mixin Deployment deployment) {
    return print(
        deployment,
        deployment.ask(
            weir, lifetime(expiresIn), "POST", "tenants", tenant, "keys", keyId, "rotate"));
  }

  @Command(mixinStandardHelpOptions = true, description = "Revoke a key; its next call is refused.")
  int revoke(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Mixin Deployment deployment) {
    return deployment.say(
        deployment.ask(weir, "DELETE", "tenants", tenant, "keys", keyId), "revoked " + keyId);
  }

  private static ObjectNode lifetime(Optional<String> expiresIn) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    expiresIn.ifPresent(time -> body.put("expiresIn", time));
    return body;
  }

  private int print(Deployment deployment, Answer answer) {
    return deployment.say(
        answer,
        "%s %s".formatted(answer.body().path("id").asText(), answer.body().path("key").asText()));
  }
}
