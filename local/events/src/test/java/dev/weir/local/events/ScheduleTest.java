package dev.weir.local.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTest {

  /** 2026-01-01 is a Thursday. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "rate(1 minute)             ; 2026-01-01T00:00:30Z ; 2026-01-01T00:01:30Z",
        "rate(5 minutes)            ; 2026-01-01T00:00:00Z ; 2026-01-01T00:05:00Z",
        "rate(1 hour)               ; 2026-01-01T00:00:00Z ; 2026-01-01T01:00:00Z",
        "rate(7 days)               ; 2026-01-01T00:00:00Z ; 2026-01-08T00:00:00Z",
        "cron(* * * * ? *)          ; 2026-01-01T00:00:00Z ; 2026-01-01T00:01:00Z",
        "cron(* * * * ? *)          ; 2026-12-31T23:59:59Z ; 2027-01-01T00:00:00Z",
        "cron(0 10 * * ? *)         ; 2026-01-01T10:00:00Z ; 2026-01-02T10:00:00Z",
        "cron(15 12 * * ? *)        ; 2026-01-01T10:00:00Z ; 2026-01-01T12:15:00Z",
        "cron(0 18 ? * MON-FRI *)   ; 2026-01-02T18:00:00Z ; 2026-01-05T18:00:00Z",
        "cron(0 8 1 * ? *)          ; 2026-01-01T09:00:00Z ; 2026-02-01T08:00:00Z",
        "cron(0/15 * * * ? *)       ; 2026-01-01T00:16:00Z ; 2026-01-01T00:30:00Z",
        "cron(0/10 * ? * MON-FRI *) ; 2026-01-02T23:55:00Z ; 2026-01-05T00:00:00Z",
        "cron(5,35 14 * * ? *)      ; 2026-01-01T14:05:00Z ; 2026-01-01T14:35:00Z",
        "cron(0 0/3 ? * * *)        ; 2026-01-01T01:00:00Z ; 2026-01-01T03:00:00Z",
        "cron(30 */6 * * ? *)       ; 2026-01-01T18:31:00Z ; 2026-01-02T00:30:00Z",
        "cron(15 10 ? * 6L 2026-2030) ; 2026-01-01T00:00:00Z ; 2026-01-30T10:15:00Z",
        "cron(0 0 L * ? *)          ; 2026-02-01T00:00:00Z ; 2026-02-28T00:00:00Z",
        "cron(0 0 LW * ? *)         ; 2026-01-31T00:00:00Z ; 2026-02-27T00:00:00Z",
        "cron(0 0 1W * ? *)         ; 2026-07-15T00:00:00Z ; 2026-08-03T00:00:00Z",
        "cron(0 0 31W * ? *)        ; 2026-05-01T00:00:00Z ; 2026-05-29T00:00:00Z",
        "cron(0 0 4W * ? *)         ; 2026-01-01T00:00:00Z ; 2026-01-05T00:00:00Z",
        "cron(0 0 ? * 3#2 *)        ; 2026-01-01T00:00:00Z ; 2026-01-13T00:00:00Z",
        "cron(0 0 ? * MON#5 *)      ; 2026-01-01T00:00:00Z ; 2026-03-30T00:00:00Z",
        "cron(0 0 ? * L *)          ; 2026-01-01T00:00:00Z ; 2026-01-03T00:00:00Z",
        "cron(0 0 ? * SUN *)        ; 2026-01-01T00:00:00Z ; 2026-01-04T00:00:00Z",
        "cron(0 0 29 2 ? *)         ; 2026-01-01T00:00:00Z ; 2028-02-29T00:00:00Z",
        "cron(0 0 1 jan ? 2030)     ; 2026-01-01T00:00:00Z ; 2030-01-01T00:00:00Z"
      })
  void the_next_time_is_told(String expression, Instant after, Instant next) {
    assertThat(Schedule.read(expression).next(after)).contains(next);
  }

  @Test
  void a_schedule_ends_with_its_years() {
    assertThat(Schedule.read("cron(0 0 1 1 ? 2025)").next(Instant.parse("2026-01-01T00:00:00Z")))
        .isEmpty();
    assertThat(Schedule.read("cron(0 0 30 2 ? *)").next(Instant.parse("2026-01-01T00:00:00Z")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(0 minutes)",
        "rate(5 seconds)",
        "rate(5  minutes)",
        "at(2026-01-01T00:00:00)",
        "cron(0 0 * * * *)",
        "cron(0 0 ? * ? *)",
        "cron(0 0 * * ?)",
        "cron(60 0 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 0 0 * ? *)",
        "cron(0 0 * 13 ? *)",
        "cron(0 0 ? * 8 *)",
        "cron(0 0 ? * FOO *)",
        "cron(5-1 0 * * ? *)",
        "cron(0/0 0 * * ? *)",
        "cron(0 0 ? * 3#6 *)",
        "cron(0 0 * * ? 1969)",
        "cron( 0 0 * * ? *)"
      })
  void what_is_no_schedule_is_refused(String expression) {
    assertThatThrownBy(() -> Schedule.read(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expression);
  }

  /** The next time is the first minute after that the fields allow. */
  @Test
  void no_minute_between_is_left_out() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      int every = 1 + random.nextInt(20);
      int hour = random.nextInt(24);
      Instant after =
          Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(100 * 24 * 3600));
      Instant next =
          Schedule.read("cron(3/" + every + " " + hour + " * * ? *)").next(after).orElseThrow();
      Instant minute = Instant.ofEpochSecond(after.getEpochSecond() / 60 * 60).plusSeconds(60);
      while (!fits(minute, every, hour)) {
        minute = minute.plus(Duration.ofMinutes(1));
      }
      assertThat(next).isEqualTo(minute);
    }
  }

  private static boolean fits(Instant at, int every, int hour) {
    LocalDateTime time = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    return time.getHour() == hour && time.getMinute() >= 3 && (time.getMinute() - 3) % every == 0;
  }
}
