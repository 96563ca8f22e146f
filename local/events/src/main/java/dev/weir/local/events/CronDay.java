package dev.weir.local.events;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/** The days of a cron expression: by the month or by the week; the other field is {@code ?}. */
final class CronDay {
  private static final CronField OF_MONTH = new CronField(1, 31);
  private static final CronField OF_WEEK =
      new CronField(1, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private CronDay() {}

  static Predicate<LocalDate> read(String ofMonth, String ofWeek) {
    if (ofMonth.equals("?") == ofWeek.equals("?")) {
      throw new IllegalArgumentException("one of day of month and day of week must be ?");
    }
    return ofWeek.equals("?") ? ofMonth(ofMonth) : ofWeek(ofWeek);
  }

  private static Predicate<LocalDate> ofMonth(String text) {
    if (text.equals("L")) {
      return date -> date.getDayOfMonth() == date.lengthOfMonth();
    }
    if (text.equals("LW")) {
      return date -> isWeekdayNearest(date, date.lengthOfMonth());
    }
    if (text.endsWith("W")) {
      int day = OF_MONTH.value(text.substring(0, text.length() - 1));
      return date -> day <= date.lengthOfMonth() && isWeekdayNearest(date, day);
    }
    BitSet days = OF_MONTH.read(text);
    return date -> days.get(date.getDayOfMonth());
  }

  /** The nearest weekday of the same month. */
  private static boolean isWeekdayNearest(LocalDate date, int day) {
    LocalDate wanted = date.withDayOfMonth(day);
    LocalDate nearest =
        switch (wanted.getDayOfWeek()) {
          case SATURDAY -> day == 1 ? wanted.plusDays(2) : wanted.minusDays(1);
          case SUNDAY -> day == wanted.lengthOfMonth() ? wanted.minusDays(2) : wanted.plusDays(1);
          case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> wanted;
        };
    return date.equals(nearest);
  }

  private static Predicate<LocalDate> ofWeek(String text) {
    String[] ordinal = text.split("#", -1);
    if (ordinal.length == 2) {
      DayOfWeek day = day(OF_WEEK.value(ordinal[0]));
      int which = new CronField(1, 5).value(ordinal[1]);
      return date -> date.getDayOfWeek() == day && (date.getDayOfMonth() - 1) / 7 + 1 == which;
    }
    if (text.endsWith("L") && text.length() > 1) {
      DayOfWeek day = day(OF_WEEK.value(text.substring(0, text.length() - 1)));
      return date -> date.equals(date.with(TemporalAdjusters.lastInMonth(day)));
    }
    BitSet days = OF_WEEK.read(text.equals("L") ? "SAT" : text);
    return date -> days.get(date.getDayOfWeek().getValue() % 7 + 1);
  }

  /** Sunday is 1. */
  private static DayOfWeek day(int number) {
    return DayOfWeek.SATURDAY.plus(number);
  }
}
