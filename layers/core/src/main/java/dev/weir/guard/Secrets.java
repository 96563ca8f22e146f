package dev.weir.guard;

import java.util.List;
import java.util.function.ToIntFunction;

/** Credentials that tell themselves by their form. */
final class Secrets {

  private static final String MASK = "[SECRET]";
  private static final String BEFORE = "(?<![A-Za-z0-9_-])";
  private static final String AFTER = "(?![A-Za-z0-9_-])";

  static final List<Detector> DETECTORS =
      List.of(
          // AWS access key id, then a secret key beside its name.
          of("(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])", 24),
          of(
              "(?i)aws_?secret_?(?:access_?)?key[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?[a-z0-9/+]{40}"
                  + "(?![a-z0-9/+])",
              90),
          // A private key: its first line and whatever of it follows, escaped or not.
          of("-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----[^-]{0,8192}+", 8_260),
          // Our own keys.
          of(BEFORE + "weir_[A-Za-z0-9_-]{43}" + AFTER, 52),
          // GitHub, GitLab, Slack, Stripe, npm, Hugging Face, Google, SendGrid.
          of(BEFORE + "gh[pousr]_[A-Za-z0-9]{36,255}+" + AFTER, 264),
          of(BEFORE + "github_pat_[A-Za-z0-9_]{60,120}+" + AFTER, 136),
          of(BEFORE + "glpat-[A-Za-z0-9_-]{20,64}+" + AFTER, 74),
          of(BEFORE + "xox[abeoprs]-[A-Za-z0-9-]{10,160}+" + AFTER, 170),
          of(BEFORE + "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,160}+" + AFTER, 172),
          of(BEFORE + "npm_[A-Za-z0-9]{36}" + AFTER, 44),
          of(BEFORE + "hf_[A-Za-z0-9]{30,64}+" + AFTER, 70),
          of(BEFORE + "AIza[A-Za-z0-9_-]{35}" + AFTER, 44),
          of(BEFORE + "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}+" + AFTER, 104),
          // OpenAI, Anthropic and others; a CSS class may begin so too, but is no mix.
          of(BEFORE + "sk-[A-Za-z0-9_-]{20,200}+" + AFTER, 208, Secrets::mixed),
          // JSON web token.
          of(
              BEFORE
                  + "eyJ[A-Za-z0-9_-]{10,1024}+\\.eyJ[A-Za-z0-9_-]{10,4096}+\\.[A-Za-z0-9_-]{10,1024}+",
              6_160));

  private Secrets() {}

  private static Detector of(String pattern, int reach) {
    return new PatternDetector(pattern, reach, MASK);
  }

  private static Detector of(String pattern, int reach, ToIntFunction<String> accepted) {
    return new PatternDetector(pattern, reach, match -> MASK, accepted);
  }

  private static int mixed(String match) {
    boolean isMixed =
        match.chars().anyMatch(Character::isUpperCase)
            && match.chars().skip(3).anyMatch(Character::isLowerCase)
            && match.chars().anyMatch(Character::isDigit);
    return isMixed ? match.length() : 0;
  }
}
