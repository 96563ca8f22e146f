package dev.weir.bench;

import static dev.weir.bench.Table.format;

/** What a cascade saves on a declared mix of questions, beside its large model asked each time. */
final class CascadeSaving {

  /** Questions the small model answers. */
  static final int PLAIN = 75;

  /** Questions that are too long for it by the catalog's row. */
  static final int LONG = 15;

  /** Questions whose answer it cannot end within the bound. */
  static final int TRUNCATED = 10;

  private static final int LONG_BY = 8;
  private static final int SHORT_ANSWER = 20;

  private final FunctionEnvironment chat;
  private final Events events;

  /**
   * What the mix took.
   *
   * @param largeMicroUsd of the large model alone
   * @param cascadeMicroUsd of the cascade
   * @param escalated calls of the cascade that reached the large model
   */
  record Saving(long largeMicroUsd, long cascadeMicroUsd, int escalated) {

    /** Of the large model's cost, from 0 to 1; below 0 where the cascade is dearer. */
    double share() {
      return 1 - (double) cascadeMicroUsd / largeMicroUsd;
    }
  }

  CascadeSaving(FunctionEnvironment chat, Events events) {
    this.chat = chat;
    this.events = events;
  }

  /** Asks every question of both, in turn. */
  Saving measure() {
    Saving saving = new Saving(0, 0, 0);
    for (int i = 0; i < PLAIN + LONG + TRUNCATED; i++) {
      long large = cost(chat.call(question("large", i)).expect(200));
      Call cascade = chat.call(question("cascade", i)).expect(200);
      boolean isEscalated = cascade.header("x-weir-cascade").startsWith("escalated");
      saving =
          new Saving(
              saving.largeMicroUsd() + large,
              saving.cascadeMicroUsd() + cost(cascade),
              saving.escalated() + (isEscalated ? 1 : 0));
    }
    return saving;
  }

  void report(Table table) {
    int questions = PLAIN + LONG + TRUNCATED;
    Saving saving = measure();
    table.row(
        "cascade: cost of %d questions (without: the large model alone)".formatted(questions),
        format("%d micro-USD", saving.largeMicroUsd()),
        format("%d micro-USD", saving.cascadeMicroUsd()),
        format(
            "saves %.0f %%, %d of %d escalated",
            saving.share() * 100, saving.escalated(), questions),
        "");
  }

  private byte[] question(String model, int number) {
    if (number < PLAIN) {
      return events.buffered(model, number + ". " + Events.QUESTION);
    }
    if (number < PLAIN + LONG) {
      return events.buffered(model, (number + ". " + Events.QUESTION + " ").repeat(LONG_BY));
    }
    return events.capped(model, number + ". " + Events.QUESTION, SHORT_ANSWER);
  }

  private static long cost(Call call) {
    return Long.parseLong(call.header("x-weir-cost-microusd"));
  }
}
