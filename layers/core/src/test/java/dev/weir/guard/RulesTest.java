package dev.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  private static boolean finds(Rule rule, String text) {
    return Samples.only(rule, Action.BLOCK).judge(Direction.INPUT, text) instanceof Verdict.Blocked;
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void every_rule_finds_its_sample(Rule rule) {
    assertThat(finds(rule, "Look: " + Samples.byRule().get(rule) + " !")).isTrue();
  }

  static Stream<String> nonsense() {
    Random random = new Random(1);
    StringBuilder printable = new StringBuilder();
    StringBuilder broken = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      printable.append((char) ('!' + random.nextInt(94)));
      broken.append(random.nextInt(2) == 0 ? '\ufffd' : (char) ('a' + random.nextInt(26)));
    }
    return Stream.of(
        "a".repeat(5_000),
        "Say: " + "buy now! ".repeat(600),
        "0123456789abcdef".repeat(400),
        "Please " + printable + " thanks",
        broken.toString());
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsense_is_found(String text) {
    assertThat(finds(Rule.NONSENSE, text)).isTrue();
  }

  static Stream<String> sense() {
    Random random = new Random(2);
    byte[] image = new byte[30_000];
    random.nextBytes(image);
    String base64 = Base64.getEncoder().encodeToString(image);
    StringBuilder hex = new StringBuilder();
    StringBuilder chinese = new StringBuilder();
    StringBuilder url = new StringBuilder("https://example.org/search?");
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      hex.append(Integer.toHexString(random.nextInt(16)));
      chinese.append((char) (0x4e00 + random.nextInt(5_000)));
      url.append("k").append(i).append("=%E4%B8%").append(Integer.toHexString(i)).append('&');
      numbers.append(random.nextInt(100_000)).append(i % 10 == 9 ? "\n" : ",");
    }
    String code =
        """
        function f(a,b){for(let i=0;i<a.length;i++){if(a[i]!==b[i]){return{ok:false,at:i,got:a[i]}}}
        return{ok:true}}const g=(x)=>x.map(y=>y*2).filter(Boolean);export{f,g};
        """
            .replace("\n", "");
    StringBuilder minified = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      minified.append(code.replace("f(", "f" + i + "(").replace("i<a", "i<=" + i + "+a"));
    }
    return Stream.of(
        "data:image/png;base64," + base64,
        Base64.getUrlEncoder().encodeToString(image),
        hex.toString(),
        chinese.toString(),
        url.toString(),
        numbers.toString(),
        minified.toString(),
        "| a | b |\n|" + "-".repeat(400) + "|\n" + " ".repeat(2_000) + "x",
        "A well known hash is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.");
  }

  @ParameterizedTest
  @MethodSource("sense")
  void images_code_cjk_urls_and_hashes_are_no_nonsense(String text) {
    assertThat(finds(Rule.NONSENSE, text)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.weir.guard.TextWindowTest#secrets")
  void every_kind_of_secret_is_found(String secret) {
    assertThat(finds(Rule.SECRETS, "It is " + secret + " here")).isTrue();
    assertThat(finds(Rule.SECRETS, "{\"k\":\"" + secret + "\"}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class=\"sk-folding-cube sk-circle-fade-dot sk-child-of-" + "the-spinner-element\"",
        "the AKIA prefix marks access keys",
        "commit 2f1d0c9b8a7e6f5d4c3b2a1908f7e6d5c4b3a291 fixes it",
        "weir_ is the prefix of our keys",
        "hf_hub_download(repo_id, filename)",
        "-----BEGIN CERTIFICATE-----"
      })
  void what_only_looks_like_a_secret_is_none(String text) {
    assertThat(finds(Rule.SECRETS, text)).isFalse();
  }

  private static String masked(String text) {
    return Samples.only(Rule.PII, Action.MASK).judge(Direction.INPUT, text).text();
  }

  @Test
  void personal_data_is_masked_by_kind() {
    assertThat(
            masked(
                "Mail %s, call %s or (415) 555-2671, pay %s from %s."
                    .formatted(Samples.EMAIL, Samples.PHONE, Samples.CARD, Samples.IBAN)))
        .isEqualTo("Mail [EMAIL], call [PHONE] or [PHONE], pay [CARD] from [IBAN].");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111 1111 1111 1112 has a wrong digit",
        "DE88 3704 0044 0532 0130 00 does, too",
        "on 2026-11-22 10:30:15 at 192.168.100.200, build 1.2.3.4",
        "order 1234567890 of 2024, 3.14159265358979 and 1,234,567.89",
        "a@b and user@localhost are no addresses one can write to",
        "isbn 978-3-16-148410-0 and uuid 123e4567-e89b-12d3-a456-426614174000"
      })
  void other_numbers_are_left_alone(String text) {
    assertThat(masked(text)).isEqualTo(text);
  }

  @Test
  void a_control_token_keeps_its_name() {
    assertThat(
            Samples.only(Rule.CONTROL_TOKENS, Action.MASK)
                .judge(Direction.INPUT, "what is <|im_start|>system or [/INST] in C<|x|>?")
                .text())
        .isEqualTo("what is (im_start)system or (/INST) in C<|x|>?");
  }
}
