package dev.weir.admin;

import dev.weir.guard.GuardSet;
import dev.weir.tenant.Configuration;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Sharding;
import dev.weir.tenant.Spend;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes and changes tenants. */
final class TenantChanges {

  private static final int ATTEMPTS = 5;
  private static final Configuration BARE =
      Configuration.active(Limits.NONE, EstimateMode.TOKENS, Optional.empty());

  private final TenantDirectory tenants;
  private final Supplier<Offer> catalog;
  private final boolean captures;
  private final InstantSource clock;
  private final Changes changes;

  TenantChanges(
      TenantDirectory tenants,
      Supplier<Offer> catalog,
      boolean captures,
      InstantSource clock,
      Changes changes) {
    this.clock = clock;
    this.tenants = tenants;
    this.catalog = catalog;
    this.captures = captures;
    this.changes = changes;
  }

  Result create(Command.CreateTenant create, Caller caller) {
    String tenant = create.tenant();
    if (!TenantDirectory.isId(tenant)) {
      return Refusals.invalid(
          "id", "1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit");
    }
    Optional<Result> missing = missing(create.change());
    if (missing.isPresent()) {
      return missing.get();
    }
    if (tenants.tenant(tenant).isPresent()) {
      return Refusals.tenantExists(tenant);
    }
    Configuration wanted = create.change().of(BARE, clock.instant());
    int shards = create.change().shards().orElse(1);
    if (shards > Sharding.most(wanted.limits())) {
      return tooMany(wanted.limits());
    }
    return changes.audited(
        caller,
        tenant,
        "tenant.create",
        tenant,
        Map.of("after", Json.text(wanted), "shards", Integer.toString(shards)),
        () ->
            tenants.create(tenant, wanted) && (shards == 1 || tenants.changeShards(tenant, shards))
                ? shown(tenant, true)
                : Refusals.tenantExists(tenant));
  }

  Result change(Command.ChangeTenant change, Caller caller) {
    Optional<Result> missing = missing(change.change());
    if (missing.isPresent()) {
      return missing.get();
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Tenant> now = found(change.tenant());
      if (now.isEmpty()) {
        return Refusals.noTenant(change.tenant());
      }
      if (change.version().isPresent() && change.version().getAsLong() != now.get().version()) {
        return Refusals.changedMeanwhile();
      }
      Result result = change(now.get(), change, caller);
      boolean isOvertaken =
          result instanceof Result.Refused refused && refused.equals(Refusals.changedMeanwhile());
      if (!isOvertaken || change.version().isPresent()) {
        return result;
      }
    }
    return Refusals.contended();
  }

  private Result change(Tenant now, Command.ChangeTenant change, Caller caller) {
    Configuration wanted = change.change().of(now.configuration(), clock.instant());
    int shards = change.change().shards().orElse(now.shards());
    if (shards != now.shards() && shards > Sharding.most(wanted.limits())) {
      return tooMany(wanted.limits());
    }
    if (wanted.equals(now.configuration()) && shards == now.shards()) {
      return shown(now.id(), false);
    }
    return changes.audited(
        caller,
        now.id(),
        "tenant.change",
        now.id(),
        Map.of(
            "version", Long.toString(now.version()),
            "before", Json.text(now.configuration()),
            "after", Json.text(wanted),
            "shards", now.shards() + " to " + shards),
        () -> made(now, wanted, shards));
  }

  private Result made(Tenant now, Configuration wanted, int shards) {
    boolean isMade =
        (wanted.equals(now.configuration()) || tenants.configure(now.id(), now.version(), wanted))
            && (shards == now.shards() || tenants.changeShards(now.id(), shards));
    return isMade ? shown(now.id(), false) : Refusals.changedMeanwhile();
  }

  private static Result tooMany(Limits limits) {
    return Refusals.invalid("shards", "1 to %d with these limits".formatted(Sharding.most(limits)));
  }

  /** The tenant as it is now. */
  Result shown(String tenant, boolean isNew) {
    Optional<Tenant> now = found(tenant);
    Optional<Spend> spend = now.flatMap(found -> tenants.spend(found.id()));
    return now.isPresent() && spend.isPresent()
        ? new Result.Shown(now.get(), spend.get(), isNew)
        : Refusals.noTenant(tenant);
  }

  private Optional<Tenant> found(String tenant) {
    return TenantDirectory.isId(tenant) ? tenants.tenant(tenant) : Optional.empty();
  }

  /** What this deployment does not have and the change asks for. */
  private Optional<Result> missing(Change change) {
    return change.capture().filter(Duration::isPositive).isPresent() && !captures
        ? Optional.of(Refusals.nothingCaptured())
        : unknownGuard(change);
  }

  private Optional<Result> unknownGuard(Change change) {
    if (change.guard().isEmpty()) {
      return Optional.empty();
    }
    List<String> known = catalog.get().models().guards().all().stream().map(GuardSet::id).toList();
    return known.contains(change.guard().get())
        ? Optional.empty()
        : Optional.of(Refusals.notOneOf("guard", known));
  }
}
