package dev.weir.admin;

import dev.weir.killswitch.Target;
import dev.weir.ledger.Bill;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What an operator asks for. */
sealed interface Command {

  /** What concerns one tenant that must exist. */
  sealed interface OfTenant extends Command {
    String tenant();
  }

  record ListTenants(Optional<String> after, int most) implements Command {}

  /** The configuration is the change of an active tenant without limits. */
  record CreateTenant(String tenant, Change change) implements Command {}

  record ShowTenant(String tenant) implements OfTenant {}

  /**
   * Changes a tenant.
   *
   * @param version the one the change is meant for; absent: whichever it has
   */
  record ChangeTenant(String tenant, Change change, OptionalLong version) implements OfTenant {}

  /**
   * Issues a key.
   *
   * @param models the only ones it may use; empty: every model
   * @param lifetime absent: for ever
   * @param idempotencyKey the same one issues one key
   */
  record IssueKey(
      String tenant,
      Set<String> models,
      Optional<Duration> lifetime,
      Optional<String> idempotencyKey)
      implements OfTenant {}

  record RotateKey(String tenant, String key, Optional<Duration> lifetime) implements OfTenant {}

  record RevokeKey(String tenant, String key) implements OfTenant {}

  /**
   * Adds up the ledger.
   *
   * @param to absent: today
   * @param from absent: the first of {@code to}'s month
   */
  record ReadUsage(String tenant, Optional<LocalDate> from, Optional<LocalDate> to, Bill.By by)
      implements OfTenant {}

  /** Verifies the chain of a tenant, or of what belongs to none. */
  record VerifyAudit(String chain) implements Command {}

  record ListRoutes() implements Command {}

  /**
   * Weighs what was asked of targets against their quotas.
   *
   * @param days UTC days, today's the last, 1 or more
   */
  record ReadCapacity(int days) implements Command {}

  record ListSwitches() implements Command {}

  record TurnOff(Target target, String why) implements Command {}

  record TurnOn(Target target) implements Command {}
}
