package dev.weir.admin;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.Verifier;
import dev.weir.capacity.CapacityReport;
import dev.weir.capacity.Load;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Switches;
import dev.weir.ledger.Bill;
import dev.weir.store.LedgerTable;
import dev.weir.store.TenantPage;
import dev.weir.tenant.TenantDirectory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Carries out what operators ask for. Thread-safe. */
final class Administration {

  private static final int LONGEST_DAYS = 400;
  private static final int PAGE = 100;
  private static final Verifier.Span EVER = new Verifier.Span(Instant.EPOCH, Instant.MAX);

  private final TenantDirectory tenants;
  private final Switches switches;
  private final LedgerTable ledger;
  private final Supplier<Offer> catalog;
  private final Optional<Verifier> verifier;
  private final InstantSource clock;
  private final Changes changes;
  private final TenantChanges tenantChanges;
  private final KeyChanges keyChanges;
  private final SwitchNames switchNames;

  Administration(Rooms rooms) {
    this.tenants = rooms.tenants();
    this.switches = rooms.switches();
    this.ledger = rooms.ledger();
    this.catalog = rooms.catalog();
    this.verifier = rooms.verifier();
    this.clock = rooms.clock();
    this.changes = new Changes(rooms.audit(), rooms.log(), clock);
    this.tenantChanges = new TenantChanges(tenants, catalog, rooms.captures(), clock, changes);
    this.keyChanges = new KeyChanges(tenants, catalog, clock, changes);
    this.switchNames = new SwitchNames(tenants, catalog);
  }

  /** Carries out one command; faults of the store are thrown as the SDK's exceptions. */
  Result execute(Command command, Caller caller) {
    return switch (command) {
      case Command.ListTenants list -> new Result.Tenants(tenants.page(list.after(), list.most()));
      case Command.CreateTenant create -> tenantChanges.create(create, caller);
      case Command.ChangeTenant change -> tenantChanges.change(change, caller);
      case Command.ShowTenant show -> tenantChanges.shown(show.tenant(), false);
      case Command.IssueKey issue -> keyChanges.issue(issue, caller);
      case Command.RotateKey rotate -> keyChanges.rotate(rotate, caller);
      case Command.RevokeKey revoke -> keyChanges.revoke(revoke, caller);
      case Command.ReadUsage usage -> usage(usage);
      case Command.VerifyAudit verify -> verify(verify.chain());
      case Command.ListRoutes _ -> new Result.Routes(catalog.get().models());
      case Command.ReadCapacity(var days) -> capacity(days);
      case Command.ListSwitches _ ->
          new Result.Switches(
              switches.off().stream()
                  .sorted(Comparator.comparing(off -> off.target().text()))
                  .toList());
      case Command.TurnOff off -> turnOff(off, caller);
      case Command.TurnOn on -> turnOn(on, caller);
    };
  }

  /** Off first, written down after: nothing may stand between an operator and a kill switch. */
  private Result turnOff(Command.TurnOff off, Caller caller) {
    Optional<Result> unknown = switchNames.refusal(off.target());
    if (unknown.isPresent()) {
      return unknown.get();
    }
    switches.turnOff(new Off(off.target(), clock.millis(), caller.principal(), off.why()));
    changes.done(
        caller, AuditEntry.ADMIN, "switch.off", off.target().text(), Map.of("why", off.why()));
    return new Result.Done();
  }

  private Result turnOn(Command.TurnOn on, Caller caller) {
    return changes.audited(
        caller,
        AuditEntry.ADMIN,
        "switch.on",
        on.target().text(),
        Map.of(),
        () -> {
          switches.turnOn(on.target());
          return new Result.Done();
        });
  }

  private Result verify(String chain) {
    if (!chain.equals(AuditEntry.ADMIN) && !TenantDirectory.isId(chain)) {
      return Refusals.noTenant(chain);
    }
    return verifier
        .<Result>map(
            found -> new Result.Verified(found.verify(chain, EVER, Optional.empty(), _ -> {})))
        .orElseGet(Refusals::nothingAudited);
  }

  private Result capacity(int days) {
    Instant to = clock.instant();
    LocalDate last = to.atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate first = last.minusDays(days - 1L);
    Load load = new Load();
    Optional<String> after = Optional.empty();
    do {
      TenantPage page = tenants.page(after, PAGE);
      for (String tenant : page.ids()) {
        first.datesUntil(last.plusDays(1)).forEach(day -> ledger.read(tenant, day, load::add));
      }
      after = page.next();
    } while (after.isPresent());
    Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Result.Capacity(
        CapacityReport.of(load, catalog.get().models().capacities(), from, to));
  }

  private Result usage(Command.ReadUsage usage) {
    LocalDate to = usage.to().orElseGet(() -> clock.instant().atZone(ZoneOffset.UTC).toLocalDate());
    LocalDate from = usage.from().orElse(to.withDayOfMonth(1));
    if (from.isAfter(to) || from.isBefore(to.minusDays(LONGEST_DAYS))) {
      return Refusals.invalid(
          "from", "a day 0 to %d days before 'to', which is %s".formatted(LONGEST_DAYS, to));
    }
    if (!TenantDirectory.isId(usage.tenant())) {
      return Refusals.noTenant(usage.tenant());
    }
    Bill bill = new Bill(usage.by());
    from.datesUntil(to.plusDays(1)).forEach(day -> ledger.read(usage.tenant(), day, bill::add));
    return bill.lines().isEmpty() && tenants.tenant(usage.tenant()).isEmpty()
        ? Refusals.noTenant(usage.tenant())
        : new Result.Sums(from, to, bill);
  }
}
