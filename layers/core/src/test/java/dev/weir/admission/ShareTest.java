package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How one limit is cut, whatever is in use. */
class ShareTest {

  private static final int CASES = 20_000;

  @Test
  void covers_add_up_to_the_limit_or_to_what_is_in_use_and_slices_never_to_more_than_the_limit() {
    Random random = new Random(1);
    for (int number = 0; number < CASES; number++) {
      long limit = 1 + random.nextLong(random.nextBoolean() ? 50 : 1_000_000_000_000L);
      int shards = 1 + random.nextInt(16);
      List<Long> used = used(random, limit, shards);
      long inUse = used.stream().mapToLong(Long::longValue).sum();
      long asked = random.nextLong(limit + 1);
      int home = random.nextInt(shards);
      List<Share> shares = Share.cut(limit, used, shards, home, asked, random.nextBoolean());

      assertThat(shares.stream().mapToLong(Share::cover).sum()).isEqualTo(Math.max(limit, inUse));
      assertThat(shares.stream().mapToLong(Share::slice).sum()).isLessThanOrEqualTo(limit);
      for (int index = 0; index < used.size(); index++) {
        assertThat(shares.get(index).cover()).isGreaterThanOrEqualTo(used.get(index));
        assertThat(shares.get(index).slice()).isBetween(0L, shares.get(index).cover());
        assertThat(index < shards || shares.get(index).slice() == 0).isTrue();
      }
    }
  }

  @Test
  void what_is_free_is_spread_evenly() {
    assertThat(Share.cut(100, List.of(10L, 20L, 0L, 10L), 4, 0, 1, false))
        .extracting(Share::slice)
        .containsExactly(25L, 35L, 15L, 25L);
  }

  @Test
  void the_home_of_a_call_gets_all_it_asks_for_if_that_much_is_free() {
    assertThat(Share.cut(100, List.of(30L, 30L, 0L, 20L), 4, 1, 18, false))
        .extracting(Share::slice)
        .containsExactly(30L, 48L, 0L, 22L);
  }

  @Test
  void an_item_that_takes_no_part_any_more_keeps_what_it_uses_and_admits_nothing() {
    assertThat(Share.cut(100, List.of(10L, 40L), 1, 0, 1, true))
        .containsExactly(new Share(60, 60), new Share(0, 40));
  }

  @Test
  void of_a_rate_an_item_keeps_little_more_than_its_fair_slice() {
    assertThat(Share.cut(400, List.of(390L, 0L, 0L, 0L), 4, 1, 1, true))
        .extracting(Share::slice)
        .containsExactly(125L, 4L, 2L, 2L);
  }

  private static List<Long> used(Random random, long limit, int shards) {
    int items = shards + random.nextInt(4);
    return Stream.generate(() -> random.nextBoolean() ? 0L : random.nextLong(2 * limit / items + 1))
        .limit(items)
        .toList();
  }
}
