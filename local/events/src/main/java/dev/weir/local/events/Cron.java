package dev.weir.local.events;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A schedule by the calendar: minutes, hours, day of month, month, day of week, year. */
record Cron(BitSet minutes, BitSet hours, BitSet months, BitSet years, Predicate<LocalDate> day)
    implements Schedule {
  private static final int LAST_YEAR = 2199;
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  static Cron read(String expression) {
    if (!expression.matches("cron\\([^()]*\\)")) {
      throw new IllegalArgumentException("neither rate(...) nor cron(...): " + expression);
    }
    String[] fields = expression.substring(5, expression.length() - 1).split(" +", -1);
    if (fields.length != 6) {
      throw new IllegalArgumentException("not six fields: " + expression);
    }
    try {
      return new Cron(
          new CronField(0, 59).read(fields[0]),
          new CronField(0, 23).read(fields[1]),
          new CronField(1, 12, MONTHS).read(fields[3]),
          new CronField(1970, LAST_YEAR).read(fields[5]),
          CronDay.read(fields[2], fields[4]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(expression + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    LocalDateTime from =
        LocalDateTime.ofInstant(after, ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MINUTES)
            .plusMinutes(1);
    LocalTime earliest = from.toLocalTime();
    for (LocalDate date = from.toLocalDate();
        date.getYear() <= LAST_YEAR;
        date = date.plusDays(1), earliest = LocalTime.MIN) {
      if (years.get(date.getYear()) && months.get(date.getMonthValue()) && day.test(date)) {
        Optional<LocalTime> time = time(earliest);
        if (time.isPresent()) {
          return Optional.of(date.atTime(time.get()).toInstant(ZoneOffset.UTC));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<LocalTime> time(LocalTime earliest) {
    int hour = hours.nextSetBit(earliest.getHour());
    int minute = minutes.nextSetBit(hour == earliest.getHour() ? earliest.getMinute() : 0);
    if (hour >= 0 && minute < 0) {
      hour = hours.nextSetBit(hour + 1);
      minute = minutes.nextSetBit(0);
    }
    return hour < 0 ? Optional.empty() : Optional.of(LocalTime.of(hour, minute));
  }
}
