package dev.weir.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a pattern matches. Every repetition in the pattern must be bounded, so that a match
 * costs a bounded time wherever it is tried.
 */
final class PatternDetector implements Detector {

  private final Pattern pattern;
  private final int reach;
  private final UnaryOperator<String> mask;
  private final ToIntFunction<String> accepted;
  private final int most;

  /**
   * @param reach no match, with what it looks at behind it, is longer
   * @param mask makes the placeholder of a match
   * @param accepted how many of a match's characters are the real thing; 0 for none
   * @param most how many matches of a scan {@code accepted} may be asked about, if it takes long;
   *     further ones count as real
   */
  PatternDetector(
      String pattern,
      int reach,
      UnaryOperator<String> mask,
      ToIntFunction<String> accepted,
      int most) {
    this.pattern = Pattern.compile(pattern);
    this.reach = reach;
    this.mask = mask;
    this.accepted = accepted;
    this.most = most;
  }

  PatternDetector(
      String pattern, int reach, UnaryOperator<String> mask, ToIntFunction<String> accepted) {
    this(pattern, reach, mask, accepted, Integer.MAX_VALUE);
  }

  PatternDetector(String pattern, int reach, String mask) {
    this(pattern, reach, match -> mask, String::length);
  }

  @Override
  public Scan scan(String text, int from, boolean isEnd) {
    return new Pass(text).scan(from, isEnd);
  }

  /** One scan. */
  private final class Pass {
    private final List<Span> spans = new ArrayList<>();
    private final int length;
    private final Matcher matcher;
    private int asked;

    Pass(String text) {
      this.length = text.length();
      this.matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    }

    Scan scan(int from, boolean isEnd) {
      int at = certain(from, isEnd ? length : Math.max(from, length - reach));
      while (!isEnd && at < length) {
        boolean found = matcher.region(at, length).lookingAt();
        if (matcher.hitEnd()) {
          return new Scan(spans, at);
        }
        at = found ? take() : at + 1;
      }
      return new Scan(spans, length);
    }

    /** Takes the matches that begin before {@code sure}: no further text can change them. */
    private int certain(int from, int sure) {
      int at = from;
      while (at < sure) {
        matcher.region(at, length);
        if (!matcher.find() || matcher.start() >= sure) {
          return sure;
        }
        at = take();
      }
      return at;
    }

    /** Notes a match if it is real, and says where to go on. */
    private int take() {
      String match = matcher.group();
      int real = asked++ < most ? accepted.applyAsInt(match) : match.length();
      if (real == 0) {
        return matcher.start() + 1;
      }
      int end = matcher.start() + real;
      spans.add(new Span(matcher.start(), end, mask.apply(match.substring(0, real))));
      return end;
    }
  }

  @Override
  public String definition() {
    return pattern.pattern() + "#" + reach + "#" + mask.apply("<|x|>");
  }

  int reach() {
    return reach;
  }
}
