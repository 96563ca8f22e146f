package dev.weir.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What truly happened, in true time, and a judge of it that knows nothing of the limiter's item.
 */
final class History {

  /** One thing that happened to one call; {@code tokens} counts from then on. */
  private record Event(long micros, String callId, boolean isAdmission, long tokens) {}

  /**
   * The judgement.
   *
   * @param worstRequests most admissions in any rolling window
   * @param worstTokens most tokens, settled or outstanding, of admissions in any rolling window
   * @param violations admissions at which either was above its limit
   */
  record Verdict(long worstRequests, long worstTokens, long violations) {}

  private final List<Event> events = new ArrayList<>();

  /** An admission took effect. */
  void admitted(long micros, String callId, long reserved) {
    events.add(new Event(micros, callId, true, reserved));
  }

  /** A settlement took effect. */
  void settled(long micros, String callId, long actual) {
    events.add(new Event(micros, callId, false, actual));
  }

  int admissions() {
    return (int) events.stream().filter(Event::isAdmission).count();
  }

  /** Judges every rolling window that ends with an admission: no other can be worse. */
  Verdict judge(long windowMicros, long requestLimit, long tokenLimit) {
    List<Event> ordered = new ArrayList<>(events);
    ordered.sort(Comparator.comparingLong(Event::micros));
    Deque<Event> inWindow = new ArrayDeque<>();
    Map<String, Long> counted = new HashMap<>();
    long tokens = 0;
    long worstRequests = 0;
    long worstTokens = 0;
    long violations = 0;
    for (Event event : ordered) {
      while (!inWindow.isEmpty() && inWindow.getFirst().micros() <= event.micros() - windowMicros) {
        String gone = inWindow.removeFirst().callId();
        tokens -= counted.getOrDefault(gone, 0L);
        counted.remove(gone);
      }
      if (event.isAdmission()) {
        inWindow.add(event);
        counted.put(event.callId(), event.tokens());
        tokens += event.tokens();
        worstRequests = Math.max(worstRequests, inWindow.size());
        worstTokens = Math.max(worstTokens, tokens);
        violations += inWindow.size() > requestLimit || tokens > tokenLimit ? 1 : 0;
      } else if (counted.containsKey(event.callId())) {
        tokens += event.tokens() - counted.getOrDefault(event.callId(), 0L);
        counted.put(event.callId(), event.tokens());
      }
    }
    return new Verdict(worstRequests, worstTokens, violations);
  }
}
