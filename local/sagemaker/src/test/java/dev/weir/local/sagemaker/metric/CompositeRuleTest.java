package dev.weir.local.sagemaker.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.local.sagemaker.wire.ApiError;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompositeRuleTest {
  private static final Map<String, AlarmState> STATES =
      Map.of(
          "up", AlarmState.ALARM,
          "two words", AlarmState.ALARM,
          "down", AlarmState.OK,
          "new", AlarmState.INSUFFICIENT_DATA);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ALARM(up), true",
        "ALARM(\"two words\"), true",
        "ALARM(down), false",
        "ALARM(gone), false",
        "OK( down ), true",
        "INSUFFICIENT_DATA(new), true",
        "TRUE, true",
        "FALSE, false",
        "NOT ALARM(down) AND ALARM(up), true",
        "NOT (ALARM(down) OR ALARM(up)), false",
        "ALARM(up) OR ALARM(up) AND ALARM(down), true",
        "(ALARM(up) OR ALARM(up)) AND ALARM(down), false",
        "NOT NOT ALARM(up), true"
      })
  void not_binds_before_and_and_that_before_or(String rule, boolean holds) {
    assertThat(CompositeRule.read(rule).holds(name -> Optional.ofNullable(STATES.get(name))))
        .isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "up", "ALARM()", "ALARM(up", "ALARM(up) ALARM(down)", "(TRUE", "TRUE)", "AND"})
  void what_is_no_rule_is_refused(String rule) {
    assertThatThrownBy(() -> CompositeRule.read(rule)).isInstanceOf(ApiError.class);
  }

  @Test
  void it_knows_the_alarms_it_is_about() {
    assertThat(CompositeRule.read("ALARM(a) AND (NOT OK(b) OR TRUE)").alarms())
        .containsExactlyInAnyOrder("a", "b");
  }
}
