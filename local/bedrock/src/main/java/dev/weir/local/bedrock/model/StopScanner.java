package dev.weir.local.bedrock.model;

import java.util.List;

/** Finds stop sequences in a text that comes in pieces; holds back what may become one. */
final class StopScanner {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopScanner(List<String> stops) {
    this.stops = stops;
  }

  /** Takes a piece; gives the text that is certain by now, none of it behind a stop sequence. */
  String accept(String piece) {
    held.append(piece);
    int stop = stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
    if (stop >= 0) {
      stopped = true;
      held.setLength(stop);
      return rest();
    }
    int certain = held.length() - longestBeginning();
    String text = held.substring(0, certain);
    held.delete(0, certain);
    return text;
  }

  /** What was held back and became no stop sequence. */
  String rest() {
    String text = held.toString();
    held.setLength(0);
    return text;
  }

  boolean hasStopped() {
    return stopped;
  }

  /** How much of the held text's end could be the beginning of a stop sequence. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
