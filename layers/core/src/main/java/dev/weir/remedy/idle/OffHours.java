package dev.weir.remedy.idle;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * When something is to be off: {@code M-F 19-7 Europe/Berlin} is off from 19:00 on Monday to Friday
 * until 7:00 of the next of these days. Days are {@code M T W H F S U}; hours 0 to 23. The values
 * of SageMaker's tags may hold nothing else.
 *
 * <p>Only its edges act: what somebody starts by hand after the last edge stays on until the next.
 *
 * @param days on which it goes off and on
 * @param off hour at which it goes off
 * @param on hour at which it goes on
 */
public record OffHours(Set<DayOfWeek> days, int off, int on, ZoneId zone) {

  private static final String LETTERS = "MTWHFSU";
  private static final int WEEK = 7;
  private static final Pattern FORM =
      Pattern.compile(
          "([MTWHFSU])(?:-([MTWHFSU]))? ([01]?\\d|2[0-3])-([01]?\\d|2[0-3]) ([A-Za-z0-9_+/-]+)");

  /** A time at which it goes off or on. */
  public record Edge(Instant at, boolean off) {}

  public OffHours {
    days = Set.copyOf(days);
    if (off == on) {
      throw new IllegalArgumentException("it goes off and on at the same hour");
    }
  }

  /**
   * Reads the expression.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static OffHours parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "off-hours are such as M-F 19-7 Europe/Berlin, not " + text);
    }
    int first = LETTERS.indexOf(form.group(1));
    int last = Optional.ofNullable(form.group(2)).map(LETTERS::indexOf).orElse(first);
    if (last < first) {
      throw new IllegalArgumentException("the week begins on Monday: " + text);
    }
    try {
      return new OffHours(
          EnumSet.range(DayOfWeek.of(first + 1), DayOfWeek.of(last + 1)),
          Integer.parseInt(form.group(3)),
          Integer.parseInt(form.group(4)),
          ZoneId.of(form.group(5)));
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException("there is no time zone " + form.group(5), unknown);
    }
  }

  /** The last edge at or before a time. */
  public Edge lastEdge(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, zone);
    return IntStream.rangeClosed(0, WEEK)
        .mapToObj(today::minusDays)
        .filter(day -> days.contains(day.getDayOfWeek()))
        .flatMap(day -> Stream.of(edge(day, off, true), edge(day, on, false)))
        .filter(edge -> !edge.at().isAfter(now))
        .max(Comparator.comparing(Edge::at))
        .orElseThrow();
  }

  /** At a gap of the zone's clock its end, at an overlap the first time. */
  private Edge edge(LocalDate day, int hour, boolean goesOff) {
    return new Edge(ZonedDateTime.of(day, LocalTime.of(hour, 0), zone).toInstant(), goesOff);
  }

  /**
   * Whether something that was last started at a time is to be stopped now: it has gone off since.
   */
  public boolean stops(Instant started, Instant now) {
    Edge last = lastEdge(now);
    return last.off() && started.isBefore(last.at());
  }
}
