package dev.weir.admin;

import dev.weir.hash.Sha256;
import dev.weir.tenant.IssuedKey;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Issues, rotates and revokes keys. A key's secret is in no entry and no line. */
final class KeyChanges {

  private static final int ID_BYTES = 8;

  private final TenantDirectory tenants;
  private final Supplier<Offer> catalog;
  private final InstantSource clock;
  private final Changes changes;

  KeyChanges(
      TenantDirectory tenants, Supplier<Offer> catalog, InstantSource clock, Changes changes) {
    this.tenants = tenants;
    this.catalog = catalog;
    this.clock = clock;
    this.changes = changes;
  }

  Result issue(Command.IssueKey issue, Caller caller) {
    Optional<Result> unknown = unknownModel(issue.models());
    if (unknown.isPresent()) {
      return unknown.get();
    }
    Optional<Tenant> tenant = found(issue.tenant());
    if (tenant.isEmpty()) {
      return Refusals.noTenant(issue.tenant());
    }
    Optional<String> keyId = issue.idempotencyKey().map(key -> keyId(issue.tenant(), key));
    if (keyId.filter(tenant.get().keys()::containsKey).isPresent()) {
      return Refusals.keyExists(keyId.get());
    }
    Optional<Instant> expiry = expiry(issue.lifetime());
    return changes.audited(
        caller,
        issue.tenant(),
        "key.issue",
        keyId.orElse("new"),
        Map.of("models", models(issue.models()), "expiry", text(expiry)),
        () ->
            issued(
                caller,
                issue.tenant(),
                keyId.isPresent()
                    ? tenants.issueKey(issue.tenant(), keyId.get(), issue.models(), expiry)
                    : tenants.issueKey(issue.tenant(), issue.models(), expiry),
                keyId.map(Refusals::keyExists).orElse(Refusals.noTenant(issue.tenant()))));
  }

  Result rotate(Command.RotateKey rotate, Caller caller) {
    Optional<Tenant.Key> old = key(rotate.tenant(), rotate.key());
    if (old.isEmpty()) {
      return Refusals.noKey(rotate.tenant(), rotate.key());
    }
    Optional<Instant> expiry = expiry(rotate.lifetime());
    return changes.audited(
        caller,
        rotate.tenant(),
        "key.rotate",
        rotate.key(),
        Map.of("models", models(old.get().models()), "expiry", text(expiry)),
        () ->
            issued(
                caller,
                rotate.tenant(),
                tenants.rotateKey(rotate.tenant(), rotate.key(), expiry),
                Refusals.noKey(rotate.tenant(), rotate.key())));
  }

  Result revoke(Command.RevokeKey revoke, Caller caller) {
    Result none = Refusals.noKey(revoke.tenant(), revoke.key());
    if (key(revoke.tenant(), revoke.key()).isEmpty()) {
      return none;
    }
    return changes.audited(
        caller,
        revoke.tenant(),
        "key.revoke",
        revoke.key(),
        Map.of(),
        () -> tenants.revokeKey(revoke.tenant(), revoke.key()) ? new Result.Done() : none);
  }

  /** The id of a new key is known only now. */
  private Result issued(
      Caller caller, String tenant, Optional<IssuedKey> issued, Result otherwise) {
    issued.ifPresent(key -> changes.done(caller, tenant, "key.issued", key.keyId(), Map.of()));
    return issued.<Result>map(Result.Issued::new).orElse(otherwise);
  }

  private Optional<Result> unknownModel(Set<String> models) {
    if (models.isEmpty()) {
      return Optional.empty();
    }
    Set<String> known = catalog.get().names();
    return known.containsAll(models)
        ? Optional.empty()
        : Optional.of(Refusals.notOneOf("models", known));
  }

  private Optional<Tenant> found(String tenant) {
    return TenantDirectory.isId(tenant) ? tenants.tenant(tenant) : Optional.empty();
  }

  private Optional<Tenant.Key> key(String tenant, String key) {
    return found(tenant).flatMap(found -> Optional.ofNullable(found.keys().get(key)));
  }

  private Optional<Instant> expiry(Optional<Duration> lifetime) {
    return lifetime.map(clock.instant()::plus);
  }

  /** The same Idempotency-Key of the same tenant names the same key, so there is only one. */
  private static String keyId(String tenant, String idempotencyKey) {
    byte[] digest = Sha256.of((tenant + "\n" + idempotencyKey).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, ID_BYTES);
  }

  private static String models(Set<String> models) {
    return models.isEmpty() ? "every" : String.join(",", new TreeSet<>(models));
  }

  private static String text(Optional<Instant> expiry) {
    return expiry.map(Instant::toString).orElse("never");
  }
}
