package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearTimeTest {

  private static final int MEGABYTE = 1 << 20;

  private static String filled(String piece) {
    return piece.repeat(MEGABYTE / piece.length() + 1).substring(0, MEGABYTE);
  }

  private static String random(String alphabet, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(MEGABYTE);
    while (text.length() < MEGABYTE) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** What makes careless patterns slow. */
  static Stream<String> hard() {
    return Stream.of(
        filled("a"),
        filled("1"),
        filled("1 "),
        filled("1-"),
        filled("111 "),
        filled("+1 "),
        filled("a@"),
        filled("a."),
        filled("a@a."),
        filled("A1 "),
        filled("DE89 "),
        filled("eyJaaaaaaaaaaaa."),
        filled("-----BEGIN " + "PRIVATE KEY-----"),
        filled("<|im_"),
        filled("ignore all "),
        filled("act as "),
        filled(" \n"),
        filled("sk-aB1"),
        random("0123456789 -.()+", 1),
        random("abcDEF012@.-_ ", 2),
        random("ignore previous all rules the ", 3),
        random("eyJ.-_aA0", 4));
  }

  @ParameterizedTest
  @MethodSource("hard")
  void a_megabyte_takes_a_bounded_time(String text) {
    List<GuardSet> sets =
        Stream.of(Rule.values()).map(rule -> Samples.only(rule, lightest(rule))).toList();
    var threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();

    sets.forEach(set -> set.judge(Direction.INPUT, text));

    long millis = (threads.getCurrentThreadCpuTime() - begin) / 1_000_000;
    System.out.printf("guards: 1 MB of '%s…' in %d ms of CPU%n", text.substring(0, 8), millis);
    assertThat(millis).isLessThan(5_000);
  }

  private static Action lightest(Rule rule) {
    return rule.can(Action.MASK) ? Action.MASK : Action.BLOCK;
  }

  /** A seam is judged with so much around it. */
  @Test
  void no_finding_is_longer_than_what_is_looked_at_around_a_seam() {
    for (Rule rule : Rule.values()) {
      for (Detector detector : rule.detectors(List.of("US"))) {
        if (detector instanceof PatternDetector pattern) {
          assertThat(pattern.reach()).isLessThanOrEqualTo(LocalRules.LONGEST);
        }
      }
    }
  }

  /** What a pattern may hold: every repetition with an upper bound. */
  @Test
  void every_repetition_has_an_upper_bound() {
    for (Rule rule : Rule.values()) {
      for (Detector detector : rule.detectors(List.of("US"))) {
        String bare =
            detector
                .definition()
                .replaceAll("\\\\.", "e")
                .replaceAll("\\[[^\\]]*]", "c")
                .replaceAll("#.*", "");
        assertThat(bare).as(rule.text()).doesNotContain("*").doesNotContainPattern("\\{\\d+,}");
        assertThat(bare.replace("}+", "}")).as(rule.text()).doesNotContain("+");
      }
    }
  }
}
