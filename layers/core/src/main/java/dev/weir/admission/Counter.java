package dev.weir.admission;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;

/**
 * A count that never falls, and what it was just before the first admission labelled with each
 * slot.
 *
 * @param total the count now
 * @param marks by slot; a slot without admissions has none
 */
record Counter(long total, NavigableMap<Long, Long> marks) {

  /**
   * No more than the count was before the first admission labelled {@code firstSlot} or later.
   *
   * <p>It takes the least mark and not the oldest slot's, because a slow clock may open an old slot
   * after a fast one has opened a newer slot.
   */
  long base(long firstSlot) {
    Collection<Long> counted = marks.tailMap(firstSlot, true).values();
    return counted.isEmpty() ? total : Collections.min(counted);
  }

  /** What was counted in {@code firstSlot} and later. */
  long used(long firstSlot) {
    return total - base(firstSlot);
  }
}
