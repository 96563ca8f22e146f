package dev.weir.local.sagemaker.metric;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a composite alarm's rule; NOT binds closest, then AND, then OR. */
final class CompositeRuleReader {
  private static final Pattern STATE =
      Pattern.compile(
          "(OK|ALARM|INSUFFICIENT_DATA)\\s*\\(\\s*(?:\"([^\"]+)\"|([^\\s()\"]+))\\s*\\)");
  private static final Pattern WORD = Pattern.compile("(?:AND|OR|NOT|TRUE|FALSE)\\b|[()]");

  private final String text;
  private int at;

  CompositeRuleReader(String text) {
    this.text = text;
  }

  CompositeRule read() {
    CompositeRule rule = either();
    if (!word().isEmpty()) {
      throw refused();
    }
    return rule;
  }

  private CompositeRule either() {
    CompositeRule rule = both();
    while (take("OR")) {
      rule = new CompositeRule.Or(rule, both());
    }
    return rule;
  }

  private CompositeRule both() {
    CompositeRule rule = single();
    while (take("AND")) {
      rule = new CompositeRule.And(rule, single());
    }
    return rule;
  }

  private CompositeRule single() {
    if (take("NOT")) {
      return new CompositeRule.Not(single());
    }
    if (take("(")) {
      CompositeRule rule = either();
      if (!take(")")) {
        throw refused();
      }
      return rule;
    }
    if (take("TRUE")) {
      return new CompositeRule.Always(true);
    }
    if (take("FALSE")) {
      return new CompositeRule.Always(false);
    }
    return state();
  }

  private CompositeRule state() {
    Matcher state = next(STATE);
    if (!state.lookingAt()) {
      throw refused();
    }
    at = state.end();
    String quoted = state.group(2);
    return new CompositeRule.Is(
        AlarmState.valueOf(state.group(1)), quoted == null ? state.group(3) : quoted);
  }

  private boolean take(String wanted) {
    if (!word().equals(wanted)) {
      return false;
    }
    at += wanted.length();
    return true;
  }

  /** The next word; what is left if it is none, nothing at the end. */
  private String word() {
    Matcher word = next(WORD);
    return word.lookingAt() ? word.group() : text.substring(at);
  }

  private Matcher next(Pattern pattern) {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return pattern.matcher(text).region(at, text.length());
  }

  private ApiError refused() {
    return ApiError.validation("AlarmRule cannot be read at character %d".formatted(at + 1));
  }
}
