package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.bedrock.embedding.MiniLm;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How often the similar-request cache would be right and wrong, over the labelled pairs of {@code
 * similar/pairs.tsv} and with the real small model. Figures: docs/similar-cache.md.
 */
class SimilarPairsTest {

  private static final MiniLm MODEL = new MiniLm();
  private static final Map<String, byte[]> VECTORS = new HashMap<>();
  private static List<Pair> pairs = List.of();

  private record Pair(String set, String kind, String one, String other) {
    boolean isSame() {
      return kind.equals("same");
    }
  }

  private record Counted(long hits, long of) {
    double share() {
      return (double) hits / of;
    }

    @Override
    public String toString() {
      return of == 0 ? "none" : "%d of %d (%.1f %%)".formatted(hits, of, 100 * share());
    }
  }

  @BeforeAll
  static void read() throws IOException {
    pairs =
        Files.readAllLines(Path.of("src/test/resources/similar/pairs.tsv")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t"))
            .map(cells -> new Pair(cells[0], cells[1], cells[2], cells[3]))
            .toList();
  }

  private static double shipped() throws IOException {
    return Json.read(Files.readAllBytes(Path.of("../catalog/models.json")))
        .path("models")
        .valueStream()
        .filter(model -> model.path("id").asText().equals("minilm"))
        .findFirst()
        .orElseThrow()
        .path("similarThreshold")
        .asDouble();
  }

  private static byte[] vector(String text) {
    return VECTORS.computeIfAbsent(
        text,
        each -> {
          try {
            return Quantised.of(MODEL.embed(each, 0).vector());
          } catch (ErrorReply e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Whether the second question would be answered by the answer to the first. */
  private static boolean isHit(Pair pair, double threshold) {
    return Neighbours.NONE
        .with(
            new Neighbours.Neighbour(
                vector(pair.one()), Slots.of(pair.one(), ""), "0".repeat(64), Long.MAX_VALUE),
            0)
        .nearest(vector(pair.other()), Slots.of(pair.other(), ""), threshold, 0)
        .isPresent();
  }

  private static Counted hits(String set, boolean isSame, double threshold) {
    List<Pair> chosen =
        pairs.stream().filter(pair -> pair.set().equals(set) && pair.isSame() == isSame).toList();
    return new Counted(
        chosen.stream().filter(pair -> isHit(pair, threshold)).count(), chosen.size());
  }

  @Test
  void there_are_300_pairs_and_more_at_least_half_of_them_near_misses_and_none_twice() {
    assertThat(pairs).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
    assertThat(pairs.stream().filter(pair -> !pair.isSame()).count())
        .isBetween(pairs.size() * 50L / 100, pairs.size() * 60L / 100);
    assertThat(pairs.stream().filter(pair -> !pair.set().equals("tuning")).count())
        .isGreaterThan(300);
  }

  @Test
  void near_misses_are_hit_by_at_most_one_in_a_hundred_at_the_shipped_threshold()
      throws IOException {
    double threshold = shipped();
    for (String set : List.of("tuning", "held-out", "other-author", "new-kinds", "mentions")) {
      for (double each : new double[] {0.8, 0.85, threshold, 0.95}) {
        System.out.printf(
            "similar, %s at %.2f: false hits %s, hits %s%n",
            set, each, hits(set, false, each), hits(set, true, each));
      }
      assertThat(hits(set, false, threshold).share()).as(set).isLessThanOrEqualTo(0.01);
    }

    // A guard that lets nothing through would pass the above.
    assertThat(hits("held-out", true, threshold).share()).isGreaterThan(0.5);
    assertThat(hits("new-kinds", true, threshold).share()).isGreaterThan(0.4);
  }

  @Test
  void the_cosine_alone_would_not_do() throws IOException {
    double threshold = shipped();
    long wrong =
        pairs.stream()
            .filter(pair -> !pair.isSame())
            .filter(pair -> Quantised.cosine(vector(pair.one()), vector(pair.other())) >= threshold)
            .count();

    System.out.printf("similar, by cosine alone: %d false hits%n", wrong);
    assertThat(wrong).isGreaterThan(50);
  }
}
