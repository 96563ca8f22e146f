package dev.weir.idempotency;

import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to answer one idempotency key. Ends once, kept or released. */
public final class Claim {

  private final ResponseTable table;
  private final IdempotencyKey key;
  private final String owner;
  private final Duration retention;
  private final InstantSource clock;
  private final Log log;
  private final AtomicBoolean ended = new AtomicBoolean();

  Claim(
      ResponseTable table,
      IdempotencyKey key,
      String owner,
      Duration retention,
      InstantSource clock,
      Log log) {
    this.table = table;
    this.key = key;
    this.owner = owner;
    this.retention = retention;
    this.clock = clock;
    this.log = log;
  }

  /** Keeps a whole answer, so that the same request gets it again. */
  public void keep(byte[] answer) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    boolean fits = answer.length <= ResponseTable.LARGEST_VALUE;
    long now = clock.millis();
    try {
      table.fill(
          key.name(),
          owner,
          now,
          now + retention.toMillis(),
          key.value(fits ? answer : new byte[0]));
    } catch (RuntimeException e) {
      log.write(
          Line.warn("idempotency_not_kept").with(e).metric(Names.LOST_WRITES, Line.Unit.COUNT, 1));
    }
  }

  /** Lets the key be used again: there is no answer. Without effect on one that was kept. */
  public void release() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      table.mark(key.name(), owner, ResponseTable.State.OPEN, clock.millis());
    } catch (RuntimeException e) {
      log.write(Line.warn("idempotency_not_released").with(e));
    }
  }
}
