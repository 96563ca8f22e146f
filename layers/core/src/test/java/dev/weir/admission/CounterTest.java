package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterTest {

  private static final int SLOTS = 30;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void an_old_image_never_counts_from_higher_than_the_current_one(long seed) {
    List<Counter> history = history(new Random(seed), true);
    Counter current = history.getLast();

    for (Counter image : history) {
      for (long first = 0; first <= SLOTS; first++) {
        assertThat(image.base(first)).isLessThanOrEqualTo(current.base(first));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void an_old_image_that_knows_a_counted_mark_counts_from_the_same(long seed) {
    List<Counter> history = history(new Random(seed), false);
    Counter current = history.getLast();

    for (Counter image : history) {
      for (long first = 0; first <= SLOTS; first++) {
        if (image.marks().ceilingKey(first) != null) {
          assertThat(image.base(first)).isEqualTo(current.base(first));
        }
      }
    }
  }

  @Test
  void an_old_slot_opened_after_a_newer_one_does_not_hide_the_newer_ones_calls() {
    Counter counter = new Counter(12, new TreeMap<>(Map.of(7L, 11L, 8L, 4L)));

    assertThat(counter.base(7)).isEqualTo(4);
    assertThat(counter.used(7)).isEqualTo(8);
  }

  @Test
  void a_counter_nobody_marked_counts_nothing() {
    assertThat(new Counter(12, new TreeMap<>()).used(7)).isZero();
  }

  /** Images of a counter that callers with different clocks advance, one image per step. */
  private static List<Counter> history(Random random, boolean removing) {
    List<Counter> images = new ArrayList<>();
    NavigableMap<Long, Long> marks = new TreeMap<>();
    long total = 0;
    for (int step = 0; step < 200; step++) {
      long label = Math.max(0, step * SLOTS / 200 + random.nextInt(-2, 3));
      marks.putIfAbsent(label, total);
      total += 1 + random.nextInt(5);
      if (removing && random.nextInt(10) == 0) {
        marks.headMap(label - 12).clear();
      }
      images.add(new Counter(total, new TreeMap<>(marks)));
    }
    return images;
  }
}
