package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** One comparison of a pattern ("Comparison operators for use in event patterns"). */
@FunctionalInterface
interface ValueTest {
  String IGNORING_CASE = "equals-ignore-case";

  /** The documentation: between -5.0e9 and +5.0e9 inclusive. */
  BigDecimal GREATEST_NUMBER = new BigDecimal("5e9");

  /** Whether it holds for a value that is neither an object nor an array. */
  boolean matches(JsonNode leaf);

  /**
   * Reads what stands in a pattern's list.
   *
   * @param where the list is, for the refusal
   * @throws IllegalArgumentException it is none
   */
  static ValueTest read(JsonNode test, String where) {
    if (test.isValueNode()) {
      return equalTo(test);
    }
    if (!test.isObject() || test.size() != 1) {
      throw new IllegalArgumentException(where + ": not one comparison: " + test);
    }
    var member = test.properties().iterator().next();
    JsonNode argument = member.getValue();
    String place = where + "." + member.getKey();
    return switch (member.getKey()) {
      case "exists" -> exists(argument, place);
      case "numeric" -> numeric(argument, place);
      case "anything-but" -> anythingBut(argument, place);
      default -> text(textTest(member.getKey(), argument, place));
    };
  }

  /** Numbers are compared as they are written: 300 and 300.0 are not equal. */
  private static ValueTest equalTo(JsonNode value) {
    return leaf ->
        leaf.getNodeType() == value.getNodeType() && leaf.asText().equals(value.asText());
  }

  private static ValueTest text(Predicate<String> test) {
    return leaf -> leaf.isTextual() && test.test(leaf.textValue());
  }

  private static Predicate<String> textTest(String operator, JsonNode argument, String where) {
    boolean anyCase = argument.has(IGNORING_CASE) && argument.size() == 1;
    return switch (operator) {
      case "prefix" -> {
        if (anyCase) {
          String prefix = lower(string(argument.get(IGNORING_CASE), where));
          yield value -> lower(value).startsWith(prefix);
        }
        String prefix = string(argument, where);
        yield value -> value.startsWith(prefix);
      }
      case "suffix" -> {
        if (anyCase) {
          String suffix = lower(string(argument.get(IGNORING_CASE), where));
          yield value -> lower(value).endsWith(suffix);
        }
        String suffix = string(argument, where);
        yield value -> value.endsWith(suffix);
      }
      case IGNORING_CASE -> {
        String other = lower(string(argument, where));
        yield value -> lower(value).equals(other);
      }
      case "wildcard" -> wildcard(string(argument, where), where);
      default -> throw new IllegalArgumentException(where + ": no comparison known here");
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String string(JsonNode argument, String where) {
    if (!argument.isTextual()) {
      throw new IllegalArgumentException(where + ": not a string: " + argument);
    }
    return argument.textValue();
  }

  /** A star stands for any characters or none; a backslash makes a star or a backslash itself. */
  private static Predicate<String> wildcard(String text, String where) {
    var regex = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '*') {
        if (text.startsWith("**", at)) {
          throw new IllegalArgumentException(where + ": two wildcards in a row");
        }
        regex.append(".*");
        continue;
      }
      if (c == '\\') {
        at++;
        if (at == text.length() || "*\\".indexOf(text.charAt(at)) < 0) {
          throw new IllegalArgumentException(where + ": a backslash before neither * nor \\");
        }
      }
      regex.append(Pattern.quote(text.substring(at, at + 1)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
  }

  private static ValueTest exists(JsonNode argument, String where) {
    if (!argument.isBoolean()) {
      throw new IllegalArgumentException(where + ": neither true nor false");
    }
    // That a field is absent is not for a value to show.
    boolean present = argument.booleanValue();
    return _ -> present;
  }

  private static ValueTest anythingBut(JsonNode argument, String where) {
    if (!argument.isObject()) {
      List<ValueTest> those = list(argument, where).stream().map(ValueTest::equalTo).toList();
      return leaf -> those.stream().noneMatch(it -> it.matches(leaf));
    }
    if (argument.size() != 1) {
      throw new IllegalArgumentException(where + ": not one comparison: " + argument);
    }
    var member = argument.properties().iterator().next();
    List<ValueTest> those =
        list(member.getValue(), where).stream()
            .map(item -> text(textTest(member.getKey(), item, where)))
            .toList();
    return leaf -> those.stream().noneMatch(it -> it.matches(leaf));
  }

  /** One string or number, or a list of them, all of one type. */
  private static List<JsonNode> list(JsonNode argument, String where) {
    List<JsonNode> items =
        argument.isArray()
            ? StreamSupport.stream(argument.spliterator(), false).toList()
            : List.of(argument);
    boolean texts = items.stream().allMatch(JsonNode::isTextual);
    boolean numbers = items.stream().allMatch(JsonNode::isNumber);
    if (items.isEmpty() || !(texts || numbers)) {
      throw new IllegalArgumentException(where + ": neither strings nor numbers: " + argument);
    }
    return items;
  }

  private static ValueTest numeric(JsonNode argument, String where) {
    if (argument.size() != 2 && argument.size() != 4) {
      throw new IllegalArgumentException(where + ": not one or two comparisons: " + argument);
    }
    String operator = argument.get(0).asText();
    Predicate<BigDecimal> test = comparison(operator, argument.get(1), where);
    if (argument.size() == 4) {
      String upper = argument.get(2).asText();
      if (!operator.startsWith(">") || !upper.startsWith("<")) {
        throw new IllegalArgumentException(where + ": not from a lower to an upper bound");
      }
      test = test.and(comparison(upper, argument.get(3), where));
    }
    Predicate<BigDecimal> whole = test;
    return leaf -> leaf.isNumber() && whole.test(leaf.decimalValue());
  }

  private static Predicate<BigDecimal> comparison(String operator, JsonNode bound, String where) {
    BigDecimal limit = bound.decimalValue();
    if (!bound.isNumber() || limit.abs().compareTo(GREATEST_NUMBER) > 0) {
      throw new IllegalArgumentException(where + ": no number from -5e9 to 5e9: " + bound);
    }
    return switch (operator) {
      case "=" -> value -> value.compareTo(limit) == 0;
      case "<" -> value -> value.compareTo(limit) < 0;
      case "<=" -> value -> value.compareTo(limit) <= 0;
      case ">" -> value -> value.compareTo(limit) > 0;
      case ">=" -> value -> value.compareTo(limit) >= 0;
      default -> throw new IllegalArgumentException(where + ": no comparison: " + operator);
    };
  }
}
