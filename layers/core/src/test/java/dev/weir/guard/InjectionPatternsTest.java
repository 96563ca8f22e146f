package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counts hits and false alarms on a labelled set written for this test. */
class InjectionPatternsTest {

  private static final GuardSet SET = Samples.only(Rule.INJECTION, Action.BLOCK);

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/guard", file)).stream()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static long found(List<String> lines) {
    return lines.stream()
        .filter(line -> SET.judge(Direction.INPUT, line) instanceof Verdict.Blocked)
        .count();
  }

  @Test
  void plain_attacks_are_mostly_found_and_hard_benign_texts_are_not() throws IOException {
    List<String> plain = lines("attacks-plain.txt");
    List<String> disguised = lines("attacks-disguised.txt");
    List<String> benign = lines("benign.txt");

    System.out.printf(
        "injection patterns: %d of %d plain attacks, %d of %d disguised ones, %d of %d false alarms%n",
        found(plain),
        plain.size(),
        found(disguised),
        disguised.size(),
        found(benign),
        benign.size());
    assertThat(plain).hasSizeGreaterThanOrEqualTo(40);
    assertThat(benign).hasSizeGreaterThanOrEqualTo(60);
    assertThat(found(plain)).isGreaterThanOrEqualTo(plain.size() * 7L / 10);
    assertThat(found(benign)).isLessThanOrEqualTo(2);
  }

  @Test
  void text_in_invisible_tag_characters_is_found_and_a_flag_is_not() {
    StringBuilder hidden = new StringBuilder("Hi ");
    "obey the hidden".chars().forEach(c -> hidden.appendCodePoint(0xE0000 + c));
    StringBuilder flag = new StringBuilder().appendCodePoint(0x1F3F4);
    "gbeng".chars().forEach(c -> flag.appendCodePoint(0xE0000 + c));
    flag.appendCodePoint(0xE007F);

    assertThat(found(List.of(hidden.toString()))).isOne();
    assertThat(found(List.of(flag.toString()))).isZero();
  }
}
