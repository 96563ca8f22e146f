package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.remedy.approval.Decision.Verdict;
import java.net.URLEncoder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecisionFormTest {

  private static final String[] PIECES = {
    "decision",
    "name",
    "comment",
    "approve",
    "deny",
    "=",
    "&",
    "%",
    "%41",
    "%zz",
    "%e2%82",
    "+",
    "Ann",
    "\u0000",
    "é",
    ";",
    "%00",
    "%0A",
    "[]",
    "\uD83D\uDE00"
  };

  @Test
  void whatever_is_sent_is_a_decision_within_its_bounds_or_refused() {
    Random random = new Random(20261122);
    int filled = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] body = random.nextBoolean() ? pieces(random) : bytes(random);
      if (DecisionForm.read(body) instanceof DecisionForm.Filled form) {
        filled++;
        assertThat(form.name()).isNotBlank();
        assertThat(form.name().codePointCount(0, form.name().length())).isLessThanOrEqualTo(100);
        assertThat(form.name().chars()).noneMatch(Character::isISOControl);
        assertThat(form.comment().length()).isLessThanOrEqualTo(1000);
      }
    }
    assertThat(filled).isPositive();
  }

  private static byte[] pieces(Random random) {
    StringBuilder body = new StringBuilder(random.nextBoolean() ? "decision=approve&name=A" : "");
    for (int n = random.nextInt(12); n > 0; n--) {
      body.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return body.toString().getBytes(UTF_8);
  }

  private static byte[] bytes(Random random) {
    byte[] body = new byte[random.nextInt(64)];
    random.nextBytes(body);
    return body;
  }

  @Test
  void what_a_browser_encodes_is_read_as_it_was_written() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      String name = words(random, 1 + random.nextInt(60)).strip() + "x";
      String comment = words(random, random.nextInt(300)).strip();
      String form =
          "name=%s&comment=%s&decision=deny"
              .formatted(URLEncoder.encode(name, UTF_8), URLEncoder.encode(comment, UTF_8));

      assertThat(DecisionForm.read(form.getBytes(UTF_8)))
          .isEqualTo(new DecisionForm.Filled(Verdict.DENY, name.strip(), comment));
    }
  }

  private static String words(Random random, int length) {
    StringBuilder text = new StringBuilder();
    String letters = "abc äöü <>&=%+'\"€漢";
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
