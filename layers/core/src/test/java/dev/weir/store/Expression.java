package dev.weir.store;

import dev.weir.store.Scope.Path;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the subset of DynamoDB's expression language that Weir uses, and refuses everything else.
 */
final class Expression {

  /** An assignment of {@code SET}. */
  record Assignment(Path path, Function<Scope, AttributeValue> value) {}

  /** An update expression. */
  record Change(List<Assignment> sets, List<Path> removals, Set<String> placeholders) {}

  /** A condition expression. */
  record Condition(Predicate<Scope> test, Set<String> placeholders) {}

  private static final int MOST_BYTES = 4096;
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([#:]?[A-Za-z0-9_]+|<=|>=|<>|[=<>(),.+-])");

  private final List<String> tokens = new ArrayList<>();
  private final Set<String> placeholders = new HashSet<>();
  private int next;

  private Expression(String text) {
    if (text.length() > MOST_BYTES) {
      throw Invalid.because("expression size has exceeded 4 KB: " + text.length());
    }
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.lookingAt()) {
      tokens.add(matcher.group(1));
      end = matcher.end();
      matcher.region(end, text.length());
    }
    if (!text.substring(end).isBlank()) {
      throw Invalid.because("syntax error at " + text.substring(end));
    }
    tokens.stream().filter(token -> "#:".indexOf(token.charAt(0)) >= 0).forEach(placeholders::add);
  }

  static Condition condition(String text) {
    Expression expression = new Expression(text);
    Predicate<Scope> test = expression.either();
    expression.end();
    return new Condition(test, expression.placeholders);
  }

  static Change change(String text) {
    Expression expression = new Expression(text);
    List<Assignment> sets = new ArrayList<>();
    List<Path> removals = new ArrayList<>();
    if (expression.accept("SET")) {
      do {
        sets.add(expression.assignment());
      } while (expression.accept(","));
    }
    if (expression.accept("REMOVE")) {
      do {
        removals.add(expression.path());
      } while (expression.accept(","));
    }
    expression.end();
    return new Change(sets, removals, expression.placeholders);
  }

  private Assignment assignment() {
    Path path = path();
    expect("=");
    Function<Scope, AttributeValue> value = operand();
    if (accept("+")) {
      return new Assignment(path, sum(value, operand(), 1));
    }
    return accept("-")
        ? new Assignment(path, sum(value, operand(), -1))
        : new Assignment(path, value);
  }

  private static Function<Scope, AttributeValue> sum(
      Function<Scope, AttributeValue> left, Function<Scope, AttributeValue> right, int sign) {
    return scope -> {
      BigDecimal sum =
          Scope.number(left.apply(scope))
              .add(Scope.number(right.apply(scope)).multiply(BigDecimal.valueOf(sign)));
      return AttributeValue.fromN(sum.toPlainString());
    };
  }

  private Function<Scope, AttributeValue> operand() {
    if (peek().startsWith(":")) {
      String placeholder = take();
      return scope -> scope.value(placeholder);
    }
    if (accept("if_not_exists")) {
      expect("(");
      Path path = path();
      expect(",");
      Function<Scope, AttributeValue> otherwise = operand();
      expect(")");
      return scope -> scope.find(path).orElseGet(() -> otherwise.apply(scope));
    }
    Path path = path();
    return scope ->
        scope
            .find(path)
            .orElseThrow(() -> Invalid.because("the item has no attribute " + scope.resolve(path)));
  }

  private Predicate<Scope> either() {
    Predicate<Scope> test = both();
    while (accept("OR")) {
      test = test.or(both());
    }
    return test;
  }

  private Predicate<Scope> both() {
    Predicate<Scope> test = single();
    while (accept("AND")) {
      test = test.and(single());
    }
    return test;
  }

  private Predicate<Scope> single() {
    if (accept("(")) {
      Predicate<Scope> test = either();
      expect(")");
      return test;
    }
    if (accept("attribute_exists")) {
      Path path = argument();
      return scope -> scope.find(path).isPresent();
    }
    if (accept("attribute_not_exists")) {
      Path path = argument();
      return scope -> scope.find(path).isEmpty();
    }
    return comparison();
  }

  private Predicate<Scope> comparison() {
    Function<Scope, Optional<AttributeValue>> left = comparable();
    String operator = take();
    Function<Scope, Optional<AttributeValue>> right = comparable();
    Predicate<Integer> test =
        switch (operator) {
          case "=" -> order -> order == 0;
          case "<>" -> order -> order != 0;
          case "<" -> order -> order < 0;
          case "<=" -> order -> order <= 0;
          case ">" -> order -> order > 0;
          case ">=" -> order -> order >= 0;
          default -> throw Invalid.because("unknown operator " + operator);
        };
    // What is not there, or of another type, is not equal.
    return scope ->
        left.apply(scope)
            .flatMap(l -> right.apply(scope).flatMap(r -> order(l, r)))
            .map(test::test)
            .orElse(operator.equals("<>"));
  }

  /** Values of different types compare as nothing. */
  private static Optional<Integer> order(AttributeValue left, AttributeValue right) {
    if (left.n() != null && right.n() != null) {
      return Optional.of(Scope.number(left).compareTo(Scope.number(right)));
    }
    return left.s() != null && right.s() != null
        ? Optional.of(left.s().compareTo(right.s()))
        : Optional.empty();
  }

  private Function<Scope, Optional<AttributeValue>> comparable() {
    if (peek().startsWith(":")) {
      String placeholder = take();
      return scope -> Optional.of(scope.value(placeholder));
    }
    if (accept("size")) {
      Path path = argument();
      return scope ->
          scope
              .find(path)
              .filter(AttributeValue::hasM)
              .map(map -> AttributeValue.fromN(Integer.toString(map.m().size())));
    }
    Path path = path();
    return scope -> scope.find(path);
  }

  private Path argument() {
    expect("(");
    Path path = path();
    expect(")");
    return path;
  }

  private Path path() {
    List<String> parts = new ArrayList<>();
    do {
      String part = take();
      if (!part.matches("#?[A-Za-z0-9_]+") || Map.of("SET", 1, "REMOVE", 1).containsKey(part)) {
        throw Invalid.because("not a path: " + part);
      }
      parts.add(part);
    } while (accept("."));
    return new Path(List.copyOf(parts));
  }

  private boolean accept(String token) {
    if (next < tokens.size() && tokens.get(next).equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw Invalid.because("expected " + token + " but found " + peek());
    }
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "the end";
  }

  private String take() {
    if (next == tokens.size()) {
      throw Invalid.because("unexpected end of expression");
    }
    return tokens.get(next++);
  }

  private void end() {
    if (next < tokens.size()) {
      throw Invalid.because("syntax error at " + peek());
    }
  }
}
