package dev.weir.guard;

/**
 * Judges a text that arrives in pieces, and holds back what it cannot judge yet: only a place that
 * more text could turn into a finding. However the text is cut, what passes is the same. One text,
 * one thread.
 */
public final class TextWindow {

  /** What a rule may look at before a finding. */
  private static final int CONTEXT = 2;

  private final LocalRules rules;
  private final StringBuilder held = new StringBuilder();
  private int passed;

  TextWindow(LocalRules rules) {
    this.rules = rules;
  }

  /** Takes in a piece; what of the text may pass now. After a block nothing more may be given. */
  public Verdict push(String piece) {
    held.append(piece);
    return judge(false);
  }

  /** The text is over; what of it may still pass. */
  public Verdict finish() {
    return judge(true);
  }

  /** Everything held back, unjudged: for rules that failed and are open. */
  public String release() {
    String rest = held.substring(passed);
    int forget = Math.max(0, held.length() - CONTEXT);
    held.delete(0, forget);
    passed = held.length();
    return rest;
  }

  private Verdict judge(boolean isEnd) {
    LocalRules.Judged judged = rules.judge(held.toString(), passed, isEnd);
    int forget = Math.max(0, judged.end() - CONTEXT);
    held.delete(0, forget);
    passed = judged.end() - forget;
    return judged.verdict();
  }
}
