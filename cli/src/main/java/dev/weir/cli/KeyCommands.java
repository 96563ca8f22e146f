package dev.weir.cli;

import dev.weir.tenant.IssuedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir key …}. A key is shown once, when it is issued; only its hash is kept. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Issue, rotate and revoke a tenant's keys.")
final class KeyCommands {

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Issue a key and print it, once.")
  int issue(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Option(
              names = "--model",
              description = "A model it may use; repeatable. Default: every model.")
          List<String> models,
      @Option(
              names = "--expires-in",
              description = "ISO 8601 duration, such as P90D. Default: never.")
          Optional<Duration> expiresIn,
      @Mixin CatalogOption catalog,
      @Mixin TableOption table) {
    return print(
        weir.directory(table.table)
            .issueKey(
                tenant, catalog.only(models == null ? List.of() : models, spec), expiry(expiresIn)),
        "no tenant " + tenant);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Replace a key at once and print the new one; spend and limits stay.")
  int rotate(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Option(
              names = "--expires-in",
              description = "ISO 8601 duration, such as P90D. Default: never.")
          Optional<Duration> expiresIn,
      @Mixin TableOption table) {
    return print(
        weir.directory(table.table).rotateKey(tenant, keyId, expiry(expiresIn)),
        "no key " + keyId + " of tenant " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "Revoke a key; its next call is refused.")
  int revoke(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "KEY_ID") String keyId,
      @Mixin TableOption table) {
    if (weir.directory(table.table).revokeKey(tenant, keyId)) {
      spec.commandLine().getOut().println("revoked " + keyId);
      return 0;
    }
    return fail("no key " + keyId + " of tenant " + tenant);
  }

  private Optional<Instant> expiry(Optional<Duration> expiresIn) {
    return expiresIn.map(time -> {
      if (!time.isPositive()) {
        throw new ParameterException(
            spec.commandLine(), "--expires-in must be above zero, not " + time);
      }
      return Instant.now().plus(time);
    });
  }

  private int print(Optional<IssuedKey> issued, String failure) {
    if (issued.isEmpty()) {
      return fail(failure);
    }
    spec.commandLine()
        .getOut()
        .println("%s %s".formatted(issued.get().keyId(), issued.get().key().reveal()));
    return 0;
  }

  private int fail(String failure) {
    spec.commandLine().getErr().println("weir: " + failure);
    return 1;
  }
}
