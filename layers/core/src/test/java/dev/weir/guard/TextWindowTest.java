package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However an answer is cut into events, the same leaves, and nothing of what must not. */
class TextWindowTest {

  private static final String BEFORE = "The key is <b>not</b> \uD83D\uDE80 4111 or +44 or eyJ: \"";
  private static final String AFTER = "\" and so on, see https://example.org/a?b=c. 完了";

  private record Heard(String text, boolean isBlocked) {}

  private static Heard hear(GuardSet set, List<String> pieces) {
    TextWindow window = set.window();
    StringBuilder heard = new StringBuilder();
    for (String piece : pieces) {
      Verdict verdict = window.push(piece);
      heard.append(verdict.text());
      if (verdict instanceof Verdict.Blocked) {
        return new Heard(heard.toString(), true);
      }
    }
    Verdict last = window.finish();
    heard.append(last.text());
    return new Heard(heard.toString(), last instanceof Verdict.Blocked);
  }

  private static List<String> cut(String text, int... places) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    for (int place : places) {
      pieces.add(text.substring(at, place));
      at = place;
    }
    pieces.add(text.substring(at));
    return pieces;
  }

  private static List<String> byOne(String text) {
    return text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
  }

  /** Every cut in two, one character at a time, and some cuts in many. */
  private static List<List<String>> cuts(String text, long seed) {
    List<List<String>> cuts = new ArrayList<>();
    cuts.add(byOne(text));
    for (int i = 0; i <= text.length(); i++) {
      cuts.add(cut(text, i));
    }
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      cuts.add(cut(text, random.ints(6, 0, text.length() + 1).sorted().toArray()));
    }
    return cuts;
  }

  static Stream<String> secrets() {
    return Samples.secrets().stream();
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void no_character_of_a_secret_leaves_however_it_is_cut(String secret) {
    GuardSet set = Samples.only(Rule.SECRETS, Action.BLOCK);
    String text = BEFORE + secret + AFTER;

    List<List<String>> cuts = cuts(text, 1);

    assertThat(cuts)
        .allSatisfy(pieces -> assertThat(hear(set, pieces)).isEqualTo(new Heard(BEFORE, true)));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void a_masked_secret_is_masked_alike_however_it_is_cut(String secret) {
    GuardSet set = Samples.only(Rule.SECRETS, Action.MASK);
    String text = BEFORE + secret + AFTER;
    Heard whole = hear(set, List.of(text));

    assertThat(whole.text()).startsWith(BEFORE + "[SECRET]");
    assertThat(cuts(text, 2)).allSatisfy(pieces -> assertThat(hear(set, pieces)).isEqualTo(whole));
  }

  static Stream<String> personal() {
    return Stream.of(Samples.EMAIL, Samples.CARD, Samples.IBAN, Samples.PHONE, "123-45-" + "6789");
  }

  @ParameterizedTest
  @MethodSource("personal")
  void personal_data_is_masked_alike_however_it_is_cut(String data) {
    GuardSet set = Samples.only(Rule.PII, Action.MASK);
    String text = "Write to " + data + ", or " + data + " then.";
    Heard whole = hear(set, List.of(text));

    assertThat(whole.text()).matches("Write to \\[\\w+], or \\[\\w+] then\\.");
    assertThat(cuts(text, 3)).allSatisfy(pieces -> assertThat(hear(set, pieces)).isEqualTo(whole));
  }

  @Test
  void allowed_text_arrives_byte_for_byte_however_it_is_cut() {
    GuardSet set = Samples.strict();
    String text =
        BEFORE
            + "sk-not AKIA-not x@y 4111 1111 a-b [IN <|im 12-34 -----BEGIN CERTIFICATE-----"
            + AFTER;

    assertThat(cuts(text, 4))
        .allSatisfy(pieces -> assertThat(hear(set, pieces)).isEqualTo(new Heard(text, false)));
  }

  @Test
  void ordinary_text_is_not_held_back() {
    TextWindow window = Samples.strict().window();

    assertThat(window.push("Hello, here is the answer: ").text())
        .isEqualTo("Hello, here is the answer: ");
    assertThat(window.push("it depends. ").text()).isEqualTo("it depends. ");
  }

  @Test
  void random_texts_made_of_dangerous_pieces_are_judged_alike_however_they_are_cut() {
    GuardSet set = Samples.strict();
    Random random = new Random(5);
    List<String> pieces = new ArrayList<>(Samples.secrets());
    personal().forEach(pieces::add);
    pieces.addAll(
        List.of(
            "<|im_", "start|>", "[INST]", " ", "\n", "a", "1", "-", "@", "é", "\uD83D\uDE80", "."));
    int blocked = 0;
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        String piece = pieces.get(random.nextInt(pieces.size()));
        text.append(random.nextInt(4) == 0 ? piece.substring(piece.length() / 2) : piece);
      }
      Heard whole = hear(set, List.of(text.toString()));
      blocked += whole.isBlocked() ? 1 : 0;
      assertThat(hear(set, byOne(text.toString()))).isEqualTo(whole);
      int[] places = random.ints(3, 0, text.length() + 1).sorted().toArray();
      assertThat(hear(set, cut(text.toString(), places))).isEqualTo(whole);
    }
    assertThat(blocked).isBetween(50, 290);
  }
}
