package dev.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {

  @Test
  void shares_follow_their_weights() {
    assertThat(Shares.of(10, new long[] {1, 1, 3})).containsExactly(2, 2, 6);
    assertThat(Shares.of(0, new long[] {5, 5})).containsExactly(0, 0);
  }

  @Test
  void shares_add_up_to_the_total_and_none_is_off_by_one_or_more() {
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      long total = random.nextInt(100_000);
      long[] weights = random.longs(1 + random.nextInt(96), 1, 9_000).toArray();
      long sum = Arrays.stream(weights).sum();

      long[] shares = Shares.of(total, weights);

      assertThat(Arrays.stream(shares).sum()).isEqualTo(total);
      for (int k = 0; k < weights.length; k++) {
        assertThat(Math.abs(shares[k] - (double) total * weights[k] / sum)).isLessThan(1);
      }
    }
  }
}
