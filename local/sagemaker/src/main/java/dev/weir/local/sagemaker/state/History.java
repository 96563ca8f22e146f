package dev.weir.local.sagemaker.state;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What changed in the world, the newest 10,000 changes. */
public final class History {
  private static final int KEPT = 10_000;

  private final Deque<Change> changes = new ArrayDeque<>();

  /**
   * One change.
   *
   * @param subject what changed, such as {@code endpoint/chat}
   * @param to the new status, or what happened
   * @param why empty where the status says it all
   */
  public record Change(Instant at, String subject, String to, String why) {}

  public void add(Instant at, String subject, String to, String why) {
    changes.addLast(new Change(at, subject, to, why));
    if (changes.size() > KEPT) {
      changes.removeFirst();
    }
  }

  /** All of them, oldest first. */
  public List<Change> changes() {
    return List.copyOf(changes);
  }
}
