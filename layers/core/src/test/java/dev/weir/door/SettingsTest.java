package dev.weir.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  private static Map<String, String> environment() {
    return new HashMap<>(Map.of("TENANTS_TABLE", "t", "RESPONSES_TABLE", "r", "LEDGER_TABLE", "l"));
  }

  @Test
  void defaults_stand_when_nothing_is_said() {
    Settings settings = Settings.read(environment());

    assertThat(settings.requestTime()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.cache()).isTrue();
  }

  @Test
  void decisions_are_audited_unless_that_is_off_for_ever_or_for_days() {
    Map<String, String> environment = environment();
    assertThat(Settings.read(environment).audit()).contains(new Settings.Audit(Optional.empty()));
    environment.put("WEIR_AUDIT_DAYS", "500");
    assertThat(Settings.read(environment).audit())
        .contains(new Settings.Audit(Optional.of(Duration.ofDays(500))));
    environment.put("WEIR_AUDIT", "off");
    assertThat(Settings.read(environment).audit()).isEmpty();
  }

  @Test
  void an_entry_is_kept_no_shorter_than_the_row_that_lies_with_it() {
    Map<String, String> environment = environment();
    environment.put("WEIR_AUDIT_DAYS", "30");
    environment.put("WEIR_LEDGER_DAYS", "90");

    assertThat(Settings.read(environment).audit())
        .contains(new Settings.Audit(Optional.of(Duration.ofDays(90))));
  }

  @Test
  void payloads_are_captured_only_where_there_is_a_bucket() {
    Map<String, String> environment = environment();
    environment.put("WEIR_CAPTURE_BUCKET", "");
    assertThat(Settings.read(environment).captureBucket()).isEmpty();
    environment.put("WEIR_CAPTURE_BUCKET", "b");
    assertThat(Settings.read(environment).captureBucket()).contains("b");
  }

  @Test
  void a_missing_table_is_named() {
    Map<String, String> environment = environment();
    environment.remove("LEDGER_TABLE");

    assertThatThrownBy(() -> Settings.read(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LEDGER_TABLE must be set");
  }

  @ParameterizedTest
  @CsvSource({
    "WEIR_REQUEST_SECONDS,901,from 5 to 900",
    "WEIR_REQUEST_SECONDS,soon,from 5 to 900",
    "WEIR_SLOT_SECONDS,3,'1, 2, 5 or 10'",
    "WEIR_CACHE,maybe,'[on, off]'",
    "WEIR_ENVIRONMENT,test,'[dev, prod]'",
    "WEIR_CLOCK_ERROR_MS,0,from 50 to 5000",
    "WEIR_RETRY_BUDGET_PERCENT,11,from 0 to 10",
    "WEIR_BREAKER_FAILURES,0,from 1 to 100",
    "WEIR_BREAKER_SECONDS,301,from 1 to 300",
    "WEIR_AUDIT_DAYS,3651,from 0 to 3650"
  })
  void a_wrong_value_is_refused_with_the_key_and_the_allowed_values(
      String key, String value, String allowed) {
    Map<String, String> environment = environment();
    environment.put(key, value);

    assertThatThrownBy(() -> Settings.read(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(allowed)
        .hasMessageContaining(value);
  }
}
