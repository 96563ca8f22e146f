package dev.weir.local.sagemaker.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.sagemaker.metric.AlarmRule.Comparison;
import dev.weir.local.sagemaker.metric.AlarmRule.Missing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlarmRuleTest {

  private static AlarmRule rule(int toAlarm, Missing missing) {
    return new AlarmRule(3, toAlarm, missing, Comparison.GREATER, 10);
  }

  /** X breaches, 0 does not, - is missing; the newest comes last. */
  private static List<OptionalDouble> points(String text) {
    List<OptionalDouble> points = new ArrayList<>();
    for (char point : text.toCharArray()) {
      points.addFirst(
          point == '-' ? OptionalDouble.empty() : OptionalDouble.of(point == 'X' ? 11 : 0));
    }
    return points;
  }

  /** The tables of "Configuring how CloudWatch alarms treat missing data"; = keeps the state. */
  @ParameterizedTest
  @CsvSource({
    "3, 0-X-X, OK,                OK,    OK,    OK",
    "3, ----0, OK,                OK,    OK,    OK",
    "3, -----, INSUFFICIENT_DATA, =,     ALARM, OK",
    "3, 0XX-X, ALARM,             ALARM, ALARM, ALARM",
    "3, --X--, ALARM,             =,     ALARM, OK",
    "2, 0-X-X, ALARM,             ALARM, ALARM, ALARM",
    "2, 00X0X, ALARM,             ALARM, ALARM, ALARM",
    "2, 0-X--, OK,                OK,    ALARM, OK",
    "2, ----0, OK,                OK,    ALARM, OK",
    "2, ---X-, ALARM,             =,     ALARM, OK",
  })
  void missing_data_are_treated_as_documented(
      int toAlarm, String points, String missing, String ignore, String breaching, String not) {
    for (AlarmState current : AlarmState.values()) {
      assertThat(
              List.of(
                  rule(toAlarm, Missing.MISSING).evaluate(points(points), current),
                  rule(toAlarm, Missing.IGNORE).evaluate(points(points), current),
                  rule(toAlarm, Missing.BREACHING).evaluate(points(points), current),
                  rule(toAlarm, Missing.NOT_BREACHING).evaluate(points(points), current)))
          .containsExactly(
              state(missing, current),
              state(ignore, current),
              state(breaching, current),
              state(not, current));
    }
  }

  private static AlarmState state(String text, AlarmState current) {
    return text.equals("=") ? current : AlarmState.valueOf(text);
  }

  @Test
  void with_all_data_there_only_the_count_of_breaches_matters() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      int periods = 1 + random.nextInt(6);
      int toAlarm = 1 + random.nextInt(periods);
      Missing missing = Missing.values()[random.nextInt(4)];
      AlarmRule rule = new AlarmRule(periods, toAlarm, missing, Comparison.GREATER, 10);
      List<OptionalDouble> points = new ArrayList<>();
      for (int j = 0; j < rule.range(); j++) {
        points.add(OptionalDouble.of(random.nextInt(20)));
      }
      long breaching =
          points.subList(0, periods).stream().filter(p -> p.getAsDouble() > 10).count();
      AlarmState expected = breaching >= toAlarm ? AlarmState.ALARM : AlarmState.OK;
      assertThat(rule.evaluate(points, AlarmState.INSUFFICIENT_DATA)).isEqualTo(expected);
      if (breaching < periods) {
        Collections.shuffle(points.subList(0, periods), random);
        assertThat(rule.evaluate(points, AlarmState.ALARM)).isEqualTo(expected);
      }
    }
  }

  @Test
  void breaching_alarms_whenever_not_breaching_does() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      int toAlarm = 1 + random.nextInt(3);
      List<OptionalDouble> points = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        points.add(
            random.nextInt(3) == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(random.nextInt(20)));
      }
      AlarmState strict = rule(toAlarm, Missing.BREACHING).evaluate(points, AlarmState.OK);
      AlarmState mild = rule(toAlarm, Missing.NOT_BREACHING).evaluate(points, AlarmState.OK);
      assertThat(mild == AlarmState.ALARM && strict != AlarmState.ALARM).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GREATER, 10, false", "GREATER, 11, true", "GREATER_OR_EQUAL, 10, true",
    "LESS, 10, false", "LESS, 9, true", "LESS_OR_EQUAL, 10, true"
  })
  void a_comparison_breaches_on_its_side(Comparison comparison, double value, boolean breaches) {
    assertThat(comparison.breaches(value, 10)).isEqualTo(breaches);
  }
}
