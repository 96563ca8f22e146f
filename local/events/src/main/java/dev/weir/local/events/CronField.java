package dev.weir.local.events;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A field of a cron expression: values, {@code *}, ranges, steps and lists of these.
 *
 * @param names of the values, from the least; empty when they have none
 */
record CronField(int least, int greatest, List<String> names) {

  CronField(int least, int greatest) {
    this(least, greatest, List.of());
  }

  BitSet read(String text) {
    BitSet values = new BitSet();
    for (String item : text.split(",", -1)) {
      String[] step = item.split("/", -1);
      if (step.length > 2) {
        throw new IllegalArgumentException("two steps: " + item);
      }
      String[] ends = step[0].equals("*") ? whole() : step[0].split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException("no range: " + item);
      }
      int from = value(ends[0]);
      int to = ends.length == 2 ? value(ends[1]) : step.length == 2 ? greatest : from;
      int by = step.length == 2 ? number(step[1]) : 1;
      if (from > to || by < 1) {
        throw new IllegalArgumentException("an empty range: " + item);
      }
      for (int value = from; value <= to; value += by) {
        values.set(value);
      }
    }
    return values;
  }

  int value(String text) {
    int named = names.indexOf(text.toUpperCase(Locale.ROOT));
    int value = named >= 0 ? least + named : number(text);
    if (value < least || value > greatest) {
      throw new IllegalArgumentException("not from " + least + " to " + greatest + ": " + text);
    }
    return value;
  }

  private String[] whole() {
    return new String[] {Integer.toString(least), Integer.toString(greatest)};
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,4}")) {
      throw new IllegalArgumentException("no number: " + text);
    }
    return Integer.parseInt(text);
  }
}
