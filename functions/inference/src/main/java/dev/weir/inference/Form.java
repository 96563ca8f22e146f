package dev.weir.inference;

import dev.weir.door.Problem;

/** The words in which a door answers. */
interface Form {

  /** What the ids of its answers begin with. */
  String idPrefix();

  /** An answer in its words, which has not begun. */
  Rendering rendering(Visit visit, ChatPlan plan);

  /** A problem with the names its clients know. */
  Problem named(Problem problem);
}
