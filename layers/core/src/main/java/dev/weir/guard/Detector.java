package dev.weir.guard;

import java.util.List;

/** Looks for one kind of thing. Stateless; takes time linear in the text. */
interface Detector {

  /**
   * One place.
   *
   * @param mask what takes its place when it is masked
   */
  record Span(int start, int end, String mask) {}

  /**
   * What is known of a text that may go on.
   *
   * @param spans in order, none overlapping
   * @param pending from where on a span may begin that more text would complete; the text's length
   *     where there is none
   */
  record Scan(List<Span> spans, int pending) {}

  /**
   * Looks through a text.
   *
   * @param from where to begin; what stands before it is context
   * @param isEnd whether nothing follows
   */
  Scan scan(String text, int from, boolean isEnd);

  /** What it looks for, in full: part of a guard set's version. */
  String definition();
}
