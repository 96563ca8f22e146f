package dev.weir.idempotency;

import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Sees to it that a request with an idempotency key is asked and charged once, in however many
 * environments it arrives. The key's item is a claim while the request runs, which ends with the
 * request's own deadline even if its environment dies; then it holds the answer. Thread-safe.
 */
public final class Idempotency {

  private final ResponseTable table;
  private final Duration retention;
  private final InstantSource clock;
  private final Log log;

  /**
   * @param retention how long an answer is kept for its key
   */
  public Idempotency(ResponseTable table, Duration retention, InstantSource clock, Log log) {
    this.table = table;
    this.retention = retention;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Claims the key, or says what is known of it.
   *
   * @param owner unique to this request
   * @param lease by when this request is over, whatever becomes of it
   */
  public Begin begin(IdempotencyKey key, String owner, Duration lease) {
    long now = clock.millis();
    Optional<ResponseTable.Item> found;
    try {
      found = table.start(key.name(), owner, now, now + lease.toMillis(), key.value(new byte[0]));
    } catch (RuntimeException e) {
      log.write(Line.warn("idempotency_unreadable").with(e));
      return new Begin.Unreadable();
    }
    if (found.isEmpty()) {
      return new Begin.First(new Claim(table, key, owner, retention, clock, log));
    }
    ResponseTable.Item item = found.get();
    if (!key.isOf(item.value())) {
      return new Begin.Other();
    }
    if (item.state() != ResponseTable.State.FILLED) {
      return new Begin.Running();
    }
    if (!key.isJudgedAlike(item.value())) {
      return begin(key.underGuards(), owner, lease);
    }
    byte[] answer = IdempotencyKey.answer(item.value());
    return answer.length == 0 ? new Begin.NotKept() : new Begin.Answered(answer, item.atMillis());
  }
}
