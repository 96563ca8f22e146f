package dev.weir.local;

import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The demo tenant: 60 requests per minute, 0.10 USD a day, 8 calls at once, one key. */
public final class Seed {
  /** Its id. */
  public static final String TENANT = "demo";

  private static final Limits LIMITS =
      new Limits(
          OptionalLong.of(60),
          OptionalLong.of(100_000),
          OptionalLong.of(8),
          OptionalLong.of(100_000),
          OptionalLong.empty(),
          OptionalLong.empty());

  private Seed() {}

  /** Creates the tenant and returns its key. */
  public static String plant(TenantDirectory tenants) {
    tenants.create(TENANT, LIMITS, EstimateMode.TOKENS);
    return tenants
        .issueKey(TENANT, Set.of(), Optional.empty())
        .orElseThrow(() -> new IllegalStateException("no tenant " + TENANT))
        .key()
        .reveal();
  }
}
