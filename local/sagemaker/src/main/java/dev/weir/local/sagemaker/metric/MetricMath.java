package dev.weir.local.sagemaker.metric;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metric math as far as the world knows it: numbers, ids, {@code + - * /}, parentheses, {@code
 * FILL(x, number)} and {@code SUM MAX MIN AVG} of a list. A missing value makes all that uses it
 * missing, a division by zero as well.
 */
final class MetricMath {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\\d+(?:\\.\\d+)?|[A-Za-z][A-Za-z0-9_]*|[-+*/(),\\[\\]])\\s*");

  private final List<String> tokens = new ArrayList<>();
  private final Function<String, OptionalDouble> values;
  private int next;

  private MetricMath(String expression, Function<String, OptionalDouble> values) {
    this.values = values;
    Matcher matcher = TOKEN.matcher(expression);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (end != expression.length()) {
      throw unknown(expression);
    }
  }

  /**
   * An expression's value.
   *
   * @param values the values of its ids
   * @throws ApiError the world does not know the expression
   */
  static OptionalDouble evaluate(String expression, Function<String, OptionalDouble> values) {
    MetricMath math = new MetricMath(expression, values);
    OptionalDouble value = math.sum();
    if (math.next < math.tokens.size()) {
      throw unknown(expression);
    }
    return value;
  }

  private OptionalDouble sum() {
    OptionalDouble value = product();
    while (at("+") || at("-")) {
      value = take().equals("+") ? both(value, product(), Double::sum) : minus(value, product());
    }
    return value;
  }

  private OptionalDouble product() {
    OptionalDouble value = factor();
    while (at("*") || at("/")) {
      value =
          take().equals("*")
              ? both(value, factor(), (a, b) -> a * b)
              : both(value, factor(), (a, b) -> a / b);
    }
    return value;
  }

  private OptionalDouble factor() {
    String token = take();
    if (token.equals("-")) {
      return minus(OptionalDouble.of(0), factor());
    }
    if (token.equals("(")) {
      OptionalDouble value = sum();
      expect(")");
      return value;
    }
    if (Character.isDigit(token.charAt(0))) {
      return OptionalDouble.of(Double.parseDouble(token));
    }
    return at("(") ? function(token) : values.apply(token);
  }

  private OptionalDouble function(String name) {
    expect("(");
    boolean list = at("[");
    if (list) {
      take();
    }
    List<OptionalDouble> arguments = new ArrayList<>(List.of(sum()));
    while (at(",")) {
      take();
      arguments.add(sum());
    }
    if (list) {
      expect("]");
    }
    expect(")");
    if (name.equals("FILL") && arguments.size() == 2) {
      return arguments.get(0).isPresent() ? arguments.get(0) : arguments.get(1);
    }
    double[] present = arguments.stream().flatMapToDouble(OptionalDouble::stream).toArray();
    return switch (name) {
      case "SUM" ->
          present.length == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of(Arrays.stream(present).sum());
      case "MAX" -> Arrays.stream(present).max();
      case "MIN" -> Arrays.stream(present).min();
      case "AVG" -> Arrays.stream(present).average();
      default -> throw unknown(name);
    };
  }

  private static OptionalDouble minus(OptionalDouble a, OptionalDouble b) {
    return both(a, b, (x, y) -> x - y);
  }

  private static OptionalDouble both(OptionalDouble a, OptionalDouble b, DoubleBinaryOperator op) {
    if (a.isEmpty() || b.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = op.applyAsDouble(a.getAsDouble(), b.getAsDouble());
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private boolean at(String token) {
    return next < tokens.size() && tokens.get(next).equals(token);
  }

  private String take() {
    if (next == tokens.size()) {
      throw unknown("an expression that ends too early");
    }
    return tokens.get(next++);
  }

  private void expect(String token) {
    if (!take().equals(token)) {
      throw unknown("an expression without " + token);
    }
  }

  private static ApiError unknown(String expression) {
    return ApiError.validation("The expression is not known here: " + expression);
  }
}
