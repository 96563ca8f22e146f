package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.door.Problem;
import java.io.IOException;
import java.util.Optional;

/** The words in which a door answers. */
interface Form {

  /** What the ids of its answers begin with. */
  String idPrefix();

  /** An answer in its words, which has not begun. */
  Rendering rendering(Visit visit, ChatPlan plan);

  /** What takes a request over behind the gate, before a model is asked, if anything does. */
  default Optional<Takeover> takeover() {
    return Optional.empty();
  }

  /** What holds for its answers beside their guards: one is given again only where that holds. */
  default String terms() {
    return "";
  }

  /** Why an answer that was given once is not given again, if it is not. */
  default Optional<Problem> gone(Visit visit, ChatCompletion kept) {
    return Optional.empty();
  }

  /** Has the request answered in another way than planned. */
  @FunctionalInterface
  interface Takeover {
    void answer(Visit visit) throws IOException;
  }

  /** A problem with the names its clients know. */
  Problem named(Problem problem);
}
