package dev.weir.inference;

import dev.weir.guard.Masks;
import dev.weir.inference.RemoteGuard.Judged;
import java.util.function.Function;

/**
 * The Bedrock guardrail over one text of an answer, a window at a time. The end of each window is
 * held and shown again with the next, so that nothing hides where they meet.
 */
final class RemoteStage implements GuardStage {

  private final Function<String, Judged> guardrail;
  private final int windowCharacters;
  private final StringBuilder held = new StringBuilder();

  /** How much of {@link #held} has been shown, and what is to be masked in it. */
  private int shown;

  private Masks masks = Masks.NONE;

  RemoteStage(Function<String, Judged> guardrail, int windowCharacters) {
    this.guardrail = guardrail;
    this.windowCharacters = windowCharacters;
  }

  @Override
  public Step take(String piece, boolean isLast) {
    held.append(piece);
    StringBuilder passed = new StringBuilder();
    while (held.length() >= windowCharacters || (isLast && held.length() > shown)) {
      String window = held.substring(0, whole(Math.min(windowCharacters, held.length())));
      switch (window.isBlank() ? new Judged.Passed(Masks.NONE) : guardrail.apply(window)) {
        case Judged.Passed(Masks found) -> passed.append(pass(window, found));
        case Judged.Blocked _ -> {
          return Step.end(passed.toString(), End.BLOCKED);
        }
        case Judged.Failed _ -> {
          return Step.end(passed.toString(), End.FAILED);
        }
      }
    }
    if (isLast) {
      passed.append(masks.apply(held.toString()));
      held.setLength(0);
      shown = 0;
    }
    return Step.on(passed.toString());
  }

  private String pass(String window, Masks found) {
    int tail = whole(window.length() - Math.min(window.length(), RemoteGuard.OVERLAP));
    int end = found.whole(window, tail);
    if (end == 0 && (window.length() < held.length() || window.length() >= windowCharacters)) {
      end = window.length(); // one finding as long as the window: it goes whole
    }
    String passed = found.apply(window.substring(0, end));
    held.delete(0, end);
    shown = window.length() - end;
    masks = found;
    return passed;
  }

  /** Not inside a code point. */
  private int whole(int end) {
    boolean isSplit =
        end > 1 && end < held.length() && Character.isHighSurrogate(held.charAt(end - 1));
    return isSplit ? end - 1 : end;
  }
}
