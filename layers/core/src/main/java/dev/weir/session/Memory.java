package dev.weir.session;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of a session goes to a model.
 *
 * @param kept the turns that do, the oldest first
 * @param dropped the turns that do not, the oldest first
 */
public record Memory(List<Turn> kept, List<Turn> dropped) {

  /** The id of the turn that holds what the system said in turns that were dropped. */
  private static final String SYSTEM = "system";

  /**
   * Keeps as much as fits. Turns go whole, the oldest first, a function call never without its
   * output; what the system said in them stays, as long as it alone fits, and so does the summary
   * of what was dropped before.
   *
   * @param turns the oldest first
   * @param room tokens that may be kept
   * @param next the turn to come, which may hold the outputs of calls in the last one
   */
  public static Memory of(List<Turn> turns, long room, Turn next) {
    List<List<Turn>> groups = groups(turns);
    List<Turn.Item> system = new ArrayList<>();
    List<Turn> summary = new ArrayList<>();
    List<Turn> dropped = new ArrayList<>();
    int first = 0;
    // What the next turn cannot be understood without is not dropped.
    int last = isBound(next) ? groups.size() - 1 : groups.size();
    while (first < last && tokens(groups, first) + tokens(system, summary) > room) {
      for (Turn turn : groups.get(first)) {
        if (turn.isSummary()) {
          summary.add(turn);
          continue;
        }
        dropped.add(turn);
        turn.items().stream().filter(Turn.Item::isSystem).forEach(system::add);
      }
      first++;
    }
    if (tokens(groups, first) + tokens(system, summary) > room) {
      dropped.addAll(0, summary);
      summary.clear();
    }
    while (!system.isEmpty() && tokens(groups, first) + tokens(system, summary) > room) {
      system.removeFirst();
    }
    List<Turn> kept = new ArrayList<>();
    if (!system.isEmpty()) {
      kept.add(new Turn(SYSTEM, system));
    }
    kept.addAll(summary);
    groups.subList(first, groups.size()).forEach(kept::addAll);
    return new Memory(kept, dropped);
  }

  /** What a new summary would have to tell: what was dropped, after what was told before. */
  public List<Turn> untold() {
    return Stream.concat(kept.stream().filter(Turn::isSummary), dropped.stream()).toList();
  }

  /** Whether anything was dropped that is neither kept elsewhere nor told already. */
  public boolean isLossy() {
    return dropped.stream()
        .anyMatch(
            turn -> !turn.isSummary() && !turn.items().stream().allMatch(Turn.Item::isSystem));
  }

  /**
   * The same turns with a summary of {@link #untold}, behind what the system said: what follows
   * them may grow without changing the beginning of the prompt.
   */
  public List<Turn> with(Turn summary) {
    List<Turn> told = new ArrayList<>(kept.stream().filter(turn -> !turn.isSummary()).toList());
    told.add(!told.isEmpty() && told.getFirst().id().equals(SYSTEM) ? 1 : 0, summary);
    return told;
  }

  /** Turns that a function call and its output hold together. */
  private static List<List<Turn>> groups(List<Turn> turns) {
    List<List<Turn>> groups = new ArrayList<>();
    for (Turn turn : turns) {
      if (groups.isEmpty() || !turn.isContinuation()) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(turn);
    }
    return groups;
  }

  private static boolean isBound(Turn next) {
    return next.isContinuation() || next.items().stream().noneMatch(Turn.Item::isUser);
  }

  private static long tokens(List<List<Turn>> groups, int first) {
    return groups.stream().skip(first).flatMap(List::stream).mapToLong(Turn::tokens).sum();
  }

  private static long tokens(List<Turn.Item> system, List<Turn> summary) {
    return system.stream().mapToLong(Turn.Item::tokens).sum()
        + summary.stream().mapToLong(Turn::tokens).sum();
  }
}
