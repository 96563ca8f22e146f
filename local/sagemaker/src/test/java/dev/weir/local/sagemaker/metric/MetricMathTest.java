package dev.weir.local.sagemaker.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricMathTest {

  private static OptionalDouble value(String expression) {
    Map<String, Double> values = Map.of("m1", 8.0, "m2", 2.0, "zero", 0.0);
    return MetricMath.evaluate(
        expression,
        id ->
            Optional.ofNullable(values.get(id))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "m1/m2, 4",
    "100*m1/m2, 400",
    "m1-m2-1, 5",
    "m1 + m2 * 3, 14",
    "(m1+m2)*3, 30",
    "-m2, -2",
    "'FILL(none, 5)', 5",
    "'FILL(m1, 5)', 8",
    "'SUM([m1, m2, none])', 10",
    "'MAX([m1,m2])', 8",
    "'AVG([m1,m2])', 5",
    "'MIN([m1, m2])', 2",
    "m1/4.5*4.5, 8"
  })
  void an_expression_has_its_value(String expression, double expected) {
    assertThat(value(expression)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m1/zero", "none", "none+1", "SUM([none])"})
  void what_has_no_value_is_missing(String expression) {
    assertThat(value(expression)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"m1 +", "RATE(m1)", "m1 m2", "(m1", "m1 > 3"})
  void what_is_not_known_is_refused(String expression) {
    assertThatThrownBy(() -> value(expression)).isInstanceOf(ApiError.class);
  }
}
