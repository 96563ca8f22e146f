package dev.weir.admin;

import dev.weir.killswitch.Target;
import dev.weir.tenant.TenantDirectory;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Refuses to turn off what there is not: whoever misspells a name in an incident must not believe
 * that it is off. A name that cannot be looked up passes, for nothing may stand between an operator
 * and a kill switch; names of tools and ids of keys are anybody's and pass, too.
 */
final class SwitchNames {

  private final TenantDirectory tenants;
  private final Supplier<Offer> catalog;

  SwitchNames(TenantDirectory tenants, Supplier<Offer> catalog) {
    this.tenants = tenants;
    this.catalog = catalog;
  }

  /** Why the target is none; empty if it may be one. */
  Optional<Result> refusal(Target target) {
    try {
      return switch (target.kind()) {
        case ALL, KEY, TOOL -> Optional.empty();
        case DOOR -> unless(Target.DOORS, target.name());
        case MODEL -> unless(catalog.get().names(), target.name());
        case TENANT ->
            TenantDirectory.isId(target.name()) && tenants.tenant(target.name()).isPresent()
                ? Optional.empty()
                : Optional.of(Refusals.noTenant(target.name()));
      };
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Result> unless(Collection<String> known, String name) {
    return known.contains(name)
        ? Optional.empty()
        : Optional.of(Refusals.notOneOf("switch", known));
  }
}
