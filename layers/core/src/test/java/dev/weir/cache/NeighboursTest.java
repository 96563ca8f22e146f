package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  private static final Slots SLOTS = Slots.of("Where is Lyon?", "");

  private static Neighbours.Neighbour neighbour(int dimensions, int seed, Slots slots, long until) {
    return new Neighbours.Neighbour(
        Quantised.of(vector(dimensions, seed)), slots, "%064x".formatted(seed), until);
  }

  private static float[] vector(int dimensions, int seed) {
    Random random = new Random(seed);
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      x += a[i] * a[i];
      y += b[i] * b[i];
    }
    return dot / Math.sqrt(x * y);
  }

  @Test
  void eight_bits_are_enough_for_a_cosine() {
    for (int i = 0; i < 500; i++) {
      float[] a = vector(384, i);
      float[] b = vector(384, i + 1);
      for (int k = 0; k < b.length; k++) {
        b[k] = a[k] + b[k] * (i % 10) / 10;
      }
      assertThat(Quantised.cosine(Quantised.of(a), Quantised.of(b)))
          .isCloseTo(cosine(a, b), org.assertj.core.data.Offset.offset(0.01));
    }
  }

  @Test
  void vectors_of_other_lengths_and_without_direction_are_not_near() {
    assertThat(Quantised.cosine(new byte[] {1}, new byte[] {1, 1})).isZero();
    assertThat(Quantised.cosine(Quantised.of(new float[2]), new byte[] {1, 1})).isZero();
  }

  @Test
  void the_nearest_that_is_near_enough_live_and_of_the_same_slots_is_found() {
    Neighbours all =
        Neighbours.NONE
            .with(neighbour(64, 1, SLOTS, 100), 0)
            .with(neighbour(64, 2, Slots.of("Where is Nice?", ""), 100), 0)
            .with(neighbour(64, 3, SLOTS, 50), 0);

    assertThat(all.nearest(Quantised.of(vector(64, 1)), SLOTS, 0.9, 10).orElseThrow().neighbour())
        .extracting(Neighbours.Neighbour::answer)
        .isEqualTo("%064x".formatted(1));
    assertThat(all.nearest(Quantised.of(vector(64, 2)), SLOTS, 0.9, 10)).isEmpty();
    assertThat(all.nearest(Quantised.of(vector(64, 3)), SLOTS, 0.9, 60)).isEmpty();
    assertThat(all.nearest(Quantised.of(vector(64, 4)), SLOTS, 0.9, 10)).isEmpty();
  }

  @Test
  void what_is_written_is_read() {
    Neighbours all =
        Neighbours.NONE
            .with(neighbour(16, 1, SLOTS, 100), 0)
            .with(neighbour(32, 2, Slots.of("Is \"it\" 5 km from A to B?", ""), 90), 0);

    assertThat(Neighbours.read(all.bytes())).usingRecursiveComparison().isEqualTo(all);
    assertThat(Neighbours.read(new byte[0])).isEqualTo(Neighbours.NONE);
    assertThat(Neighbours.read(new byte[] {9, 9})).isEqualTo(Neighbours.NONE);
  }

  @Test
  void an_item_is_bounded_and_the_oldest_go_first() {
    for (int dimensions : new int[] {64, 384, 1024, 1536}) {
      Neighbours all = Neighbours.NONE;
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all = all.with(neighbour(dimensions, i, SLOTS, 1_000), 0);
        answers.addFirst("%064x".formatted(i));
      }
      assertThat(all.bytes().length).isLessThanOrEqualTo(Neighbours.MOST_BYTES);
      assertThat(all.all().size()).isBetween(15, Neighbours.MOST);
      assertThat(all.all())
          .extracting(Neighbours.Neighbour::answer)
          .isEqualTo(answers.subList(0, all.all().size()));
    }
  }

  @Test
  void an_answer_is_named_once_and_what_is_over_is_dropped() {
    Neighbours all =
        Neighbours.NONE
            .with(neighbour(8, 1, SLOTS, 10), 0)
            .with(neighbour(8, 2, SLOTS, 100), 0)
            .with(neighbour(8, 2, SLOTS, 200), 50);

    assertThat(all.all()).hasSize(1);
    assertThat(all.all().getFirst().untilMillis()).isEqualTo(200);
  }
}
