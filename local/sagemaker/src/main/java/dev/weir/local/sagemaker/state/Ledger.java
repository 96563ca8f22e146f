package dev.weir.local.sagemaker.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Every mutating call, also refused and lost ones; the newest 100,000. */
public final class Ledger {
  /** The outcome of a call that was carried out and answered. */
  public static final String DONE = "done";

  /** The outcome of a call that was carried out, but whose reply was lost. */
  public static final String DONE_UNHEARD = "done, reply lost";

  /** The outcome of a call that was not carried out, and whose caller never heard. */
  public static final String UNHEARD = "request lost";

  private static final int KEPT = 100_000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long sequence;

  /**
   * One call.
   *
   * @param caller who called: an access key id, a role, or another service
   * @param resource the name of what it was about, empty if it has none
   * @param outcome one of the constants, or the error's type
   */
  public record Entry(
      long sequence,
      Instant at,
      String caller,
      String service,
      String operation,
      String resource,
      String outcome,
      JsonNode request) {

    /** Whether the world was changed by it. */
    public boolean isDone() {
      return outcome.equals(DONE) || outcome.equals(DONE_UNHEARD);
    }
  }

  /** Writes one call down. */
  public void add(
      Instant at,
      String caller,
      String service,
      String operation,
      String resource,
      String outcome,
      JsonNode request) {
    entries.addLast(
        new Entry(++sequence, at, caller, service, operation, resource, outcome, request));
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
  }

  /** All of them, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }
}
