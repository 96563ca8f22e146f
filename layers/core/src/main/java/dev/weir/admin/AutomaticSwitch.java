package dev.weir.admin;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Switches;
import dev.weir.killswitch.Target;
import dev.weir.telemetry.Log;
import java.time.InstantSource;
import java.util.Map;

/** Turns things off without an operator: for an alarm, or for a budget. Thread-safe. */
public final class AutomaticSwitch {

  private final Switches switches;
  private final InstantSource clock;
  private final Changes changes;

  public AutomaticSwitch(Switches switches, AuditLog audit, Log log, InstantSource clock) {
    this.switches = switches;
    this.clock = clock;
    this.changes = new Changes(audit, log, clock);
  }

  /** Turns it off unless it is off, and writes that down; whether it was on. */
  public boolean turnOff(Target target, String why, Caller cause) {
    boolean wasOn = switches.turnOffIfOn(new Off(target, clock.millis(), cause.principal(), why));
    if (wasOn) {
      changes.done(cause, AuditEntry.ADMIN, "switch.off", target.text(), Map.of("why", why));
    }
    return wasOn;
  }
}
