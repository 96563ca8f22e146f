package dev.weir.audit;

import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one chain for one environment, an entry at a time. What cannot be written waits for the
 * next entry, and is in the log meanwhile. Thread-safe.
 */
final class Writer {

  /** How long refusals are counted before they become an entry. */
  static final Duration COUNTED = Duration.ofSeconds(60);

  /** Entries that may wait for a store that does not answer. */
  static final int WAITING = 100;

  private final Chains chains;
  private final String chain;
  private final InstantSource clock;
  private final Log log;
  private final Deque<Draft> waiting = new ArrayDeque<>();
  private TreeMap<String, Long> refusals = new TreeMap<>();
  private long countedSinceMillis;
  private @Nullable Segment segment;
  private Optional<Link.Sealed> ended = Optional.empty();

  Writer(Chains chains, String chain, InstantSource clock, Log log) {
    this.chains = chains;
    this.chain = chain;
    this.clock = clock;
    this.log = log;
  }

  synchronized AuditLog.Recorded record(AuditEntry entry) {
    if (areDue()) {
      add(refusalsEntry());
    }
    add(new Draft(entry.body(), entry.row()));
    return flush();
  }

  synchronized void refused(String code) {
    if (refusals.isEmpty()) {
      countedSinceMillis = clock.millis();
    }
    refusals.merge(code, 1L, Long::sum);
    if (areDue()) {
      add(refusalsEntry());
      flush();
    }
  }

  /** Writes what waits and seals the segment, as far as the store answers. */
  synchronized void close() {
    if (!refusals.isEmpty()) {
      add(refusalsEntry());
    }
    flush();
    try {
      end();
      ended.ifPresent(sealed -> chains.seal(chain, sealed));
    } catch (RuntimeException e) {
      log.write(Line.warn("audit_unsealed").with("chain", chain).with(e));
    }
  }

  private boolean areDue() {
    return !refusals.isEmpty() && clock.millis() - countedSinceMillis >= COUNTED.toMillis();
  }

  private Draft refusalsEntry() {
    TreeMap<String, String> facts = new TreeMap<>();
    refusals.forEach((code, count) -> facts.put(code, Long.toString(count)));
    facts.put("since", Long.toString(countedSinceMillis));
    refusals = new TreeMap<>();
    return Draft.of(
        new AuditEntry(chain, "", clock.millis(), "", "calls", "", "refused", facts).body());
  }

  private void add(Draft draft) {
    if (waiting.size() == WAITING) {
      failed("audit_lost", waiting.removeFirst().body(), Optional.empty());
    }
    waiting.add(draft);
  }

  private AuditLog.Recorded flush() {
    AuditLog.Recorded last = new AuditLog.Recorded.Waiting();
    try {
      while (!waiting.isEmpty()) {
        Segment current = current();
        Draft draft = waiting.getFirst();
        switch (current.append(draft)) {
          case Segment.Appended.Written(Block block) -> {
            waiting.removeFirst();
            last =
                new AuditLog.Recorded.Written(
                    current.id(),
                    block.seq(),
                    block.hash(),
                    draft.row().filter(row -> row.day().equals(current.day())).isPresent());
          }
          case Segment.Appended.Ended _ -> segment = null;
          case Segment.Appended.Foreign _ -> {
            segment = null;
            failed("audit_foreign", current.id(), Optional.empty());
          }
        }
      }
      return last;
    } catch (RuntimeException e) {
      failed("audit_unwritten", waiting.getLast().body(), Optional.of(e));
      return new AuditLog.Recorded.Waiting();
    }
  }

  private Segment current() {
    if (segment != null && segment.isOver(clock.millis())) {
      end();
    }
    if (segment == null) {
      segment = chains.open(chain, ended);
      ended = Optional.empty();
    }
    return segment;
  }

  private void end() {
    if (segment != null) {
      ended = segment.end();
      segment = null;
    }
  }

  private void failed(String message, String what, Optional<RuntimeException> cause) {
    Line line = Line.error(message).with("chain", chain).with("what", what);
    cause.ifPresent(line::with);
    log.write(line.metric(Names.AUDIT_FAILURES, Line.Unit.COUNT, 1));
  }
}
