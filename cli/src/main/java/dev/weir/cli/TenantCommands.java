package dev.weir.cli;

import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Sharding;
import dev.weir.tenant.Spend;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir tenant …}. Every change acts on the tenant's next call. */
@Command(
    name = "tenant",
    mixinStandardHelpOptions = true,
    description = "Create, limit, suspend and show tenants.")
final class TenantCommands {

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Command(mixinStandardHelpOptions = true, description = "Create a tenant.")
  int create(
      @Parameters(paramLabel = "TENANT", description = "Its id.") String tenant,
      @Option(
              names = "--estimate",
              defaultValue = "TOKENS",
              description = "How prompts are bounded: ${COMPLETION-CANDIDATES}.")
          EstimateMode estimate,
      @Option(
              names = "--guard",
              description =
                  "Guard set applied after its models' own; one of the catalog's. Default: none.")
          Optional<String> guard,
      @Option(
              names = "--shards",
              defaultValue = "1",
              description = "Items to keep its limits on: 1, or as many as the limits allow.")
          int shards,
      @Mixin GuardCatalogOption catalog,
      @Mixin LimitOptions limits,
      @Mixin TableOption table) {
    TenantDirectory directory = weir.directory(table.table);
    try {
      Sharding.check(limits.limits(), shards);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(spec.commandLine(), refused.getMessage());
    }
    return say(
        directory.create(
                tenant, limits.limits(), estimate, guard.map(id -> catalog.known(id, spec)))
            && directory.changeShards(tenant, shards),
        "created " + tenant,
        tenant + " exists already");
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Replace all of a tenant's limits; those left out are no limits any more.")
  int limits(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Mixin LimitOptions limits,
      @Mixin TableOption table) {
    return say(
        weir.directory(table.table).changeLimits(tenant, limits.limits()),
        "limited " + tenant,
        "no tenant " + tenant);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Give a tenant another guard set, applied after its models' own.")
  int guard(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "GUARD", description = "Id of a guard set of the catalog.")
          String guard,
      @Mixin GuardCatalogOption catalog,
      @Mixin TableOption table) {
    return say(
        weir.directory(table.table).changeGuard(tenant, catalog.known(guard, spec)),
        "guarded " + tenant + " by " + guard,
        "no tenant " + tenant);
  }

  /** Whether it is begun or ended. */
  enum Capture {
    ON,
    OFF
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Keep its requests and answers in S3, redacted, or stop; needs PayloadCapture=on.")
  int capture(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "WHETHER", description = "${COMPLETION-CANDIDATES}.")
          Capture whether,
      @Option(
              names = "--days",
              defaultValue = "30",
              description = "For how long it goes on, 1 to 3650. Default: 30.")
          int days,
      @Mixin TableOption table) {
    if (days < 1 || days > 3_650) {
      throw new ParameterException(spec.commandLine(), "--days must be 1 to 3650, not " + days);
    }
    Optional<Instant> until =
        whether == Capture.ON
            ? Optional.of(Instant.now().plus(Duration.ofDays(days)))
            : Optional.empty();
    return say(
        weir.directory(table.table).capture(tenant, until),
        until.map(end -> "captured until " + end).orElse("not captured"),
        "no tenant " + tenant);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Keep a tenant's limits on so many items, for more calls a second than one item takes;"
              + " limits and spend stay as they are.")
  int shards(
      @Parameters(paramLabel = "TENANT") String tenant,
      @Parameters(paramLabel = "SHARDS", description = "1, or as many as the limits allow: to 64.")
          int shards,
      @Mixin TableOption table) {
    return say(
        isSharded(weir.directory(table.table), tenant, shards),
        "sharded " + tenant + " by " + shards,
        "no tenant " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "Refuse every call from now on.")
  int suspend(@Parameters(paramLabel = "TENANT") String tenant, @Mixin TableOption table) {
    return say(
        weir.directory(table.table).suspend(tenant), "suspended " + tenant, "no tenant " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "Accept calls again.")
  int activate(@Parameters(paramLabel = "TENANT") String tenant, @Mixin TableOption table) {
    return say(
        weir.directory(table.table).activate(tenant), "activated " + tenant, "no tenant " + tenant);
  }

  @Command(mixinStandardHelpOptions = true, description = "Show limits, keys and spend.")
  int show(@Parameters(paramLabel = "TENANT") String tenant, @Mixin TableOption table) {
    TenantDirectory directory = weir.directory(table.table);
    var found = directory.tenant(tenant);
    var spend = directory.spend(tenant);
    if (found.isEmpty() || spend.isEmpty()) {
      return say(false, "", "no tenant " + tenant);
    }
    print(found.get(), spend.get());
    return 0;
  }

  private boolean isSharded(TenantDirectory directory, String tenant, int shards) {
    try {
      return directory.changeShards(tenant, shards);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(spec.commandLine(), refused.getMessage());
    }
  }

  private void print(Tenant tenant, Spend spend) {
    Limits limits = tenant.limits();
    say(
        "tenant       %s, %s, bounds by %s",
        tenant.id(), tenant.status().text(), tenant.estimate().text());
    say("shards       %d", tenant.shards());
    say("guard        %s", tenant.guard().orElse("its models' own"));
    tenant.capture().ifPresent(until -> say("captured     until %s", until));
    say("requests     %s per minute, %d ever", limit(limits.requestsPerMinute()), spend.requests());
    say("tokens       %s per minute, %d ever", limit(limits.tokensPerMinute()), spend.tokens());
    say("concurrency  %d of %s", spend.inFlight(), limit(limits.concurrency()));
    say("day          %d of %s micro-USD", spend.dayMicroUsd(), limit(limits.dayMicroUsd()));
    say("month        %d of %s micro-USD", spend.monthMicroUsd(), limit(limits.monthMicroUsd()));
    say(
        "lifetime     %d of %s micro-USD",
        spend.lifetimeMicroUsd(), limit(limits.lifetimeMicroUsd()));
    tenant
        .keys()
        .forEach((id, key) ->
            say(
                "key          %s, %s, %s",
                id,
                key.expiry().map(expiry -> "expires " + expiry).orElse("never expires"),
                key.models().isEmpty() ? "every model" : key.models()));
  }

  private static String limit(OptionalLong limit) {
    return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unlimited";
  }

  private void say(String format, Object... arguments) {
    spec.commandLine().getOut().printf(format + "%n", arguments);
  }

  private int say(boolean isDone, String done, String failed) {
    if (isDone) {
      spec.commandLine().getOut().println(done);
      return 0;
    }
    spec.commandLine().getErr().println("weir: " + failed);
    return 1;
  }
}
