package dev.weir.admin;

import dev.weir.audit.AuditLog;
import dev.weir.audit.Verifier;
import dev.weir.killswitch.Switches;
import dev.weir.store.LedgerTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.TenantDirectory;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What operators look after.
 *
 * @param catalog asked for only where a model or a guard is named
 * @param captures whether what tenants want captured is kept; true where that is not known
 * @param audit where every change is written down
 * @param verifier of what is written down there, if anything is
 * @param remediation where there is some
 */
public record Rooms(
    TenantDirectory tenants,
    Switches switches,
    LedgerTable ledger,
    Supplier<Offer> catalog,
    boolean captures,
    AuditLog audit,
    Optional<Verifier> verifier,
    Optional<RemediationRoom> remediation,
    Log log,
    InstantSource clock) {}
