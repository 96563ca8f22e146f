package dev.weir.inference;

import java.util.Optional;

/** One guard over one text of an answer; stages stand behind each other. One text, one thread. */
interface GuardStage {

  /** Why a text goes no further. */
  enum End {
    BLOCKED,
    FAILED
  }

  /**
   * What may pass now.
   *
   * @param end present when nothing may follow
   */
  record Step(String text, Optional<End> end) {

    static Step on(String text) {
      return new Step(text, Optional.empty());
    }

    static Step end(String text, End end) {
      return new Step(text, Optional.of(end));
    }
  }

  /**
   * Takes in more of the text.
   *
   * @param isLast whether nothing follows
   */
  Step take(String piece, boolean isLast);
}
