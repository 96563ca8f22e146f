package dev.weir.remedy.drift;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Rows drawn evenly from a data set of any length (Vitter's algorithm R), to make a baseline of.
 * Not thread-safe.
 */
public final class BaselineSample {

  /** Most rows kept. */
  public static final int SIZE = 10_000;

  private final RandomGenerator random;
  private final List<Map<String, String>> kept = new ArrayList<>();
  private long seen;

  public BaselineSample(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Takes a row into account.
   *
   * @param row values by column, empty where there is none
   */
  public void add(Map<String, String> row) {
    seen++;
    if (kept.size() < SIZE) {
      kept.add(row);
    } else {
      long place = random.nextLong(seen);
      if (place < SIZE) {
        kept.set((int) place, row);
      }
    }
  }

  /** How many rows there were. */
  public long seen() {
    return seen;
  }

  /**
   * The baseline of what was drawn. A column is numeric when all its values are numbers and it is
   * not declared otherwise.
   *
   * @param order names of the columns of rows that have positions only
   * @param critical columns each of which alone makes a window drift
   * @param categorical columns of numbers that name categories
   * @throws IllegalArgumentException when there are too few rows, too many columns, a column
   *     without any value, or a declared one that is not there
   */
  public Baseline baseline(
      String id, Instant now, List<String> order, Set<String> critical, Set<String> categorical) {
    if (kept.size() < DriftRules.FEWEST_ROWS) {
      throw new IllegalArgumentException(
          "a baseline needs " + DriftRules.FEWEST_ROWS + " rows, not " + kept.size());
    }
    Map<String, List<String>> values = new TreeMap<>();
    kept.forEach(row ->
        row.forEach((name, value) -> {
          List<String> column = values.computeIfAbsent(name, _ -> new ArrayList<>());
          if (!value.isEmpty()) {
            column.add(value);
          }
        }));
    requireKnown(values.keySet(), critical);
    requireKnown(values.keySet(), categorical);
    List<Column> columns = new ArrayList<>();
    values.forEach((name, column) ->
        columns.add(column(name, column, critical.contains(name), categorical.contains(name))));
    return new Baseline(id, now, kept.size(), order, columns);
  }

  private Column column(String name, List<String> values, boolean critical, boolean categorical) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("the column " + name + " has no value");
    }
    double[] numbers = values.stream().mapToDouble(Distribution.Quantiles::number).toArray();
    boolean numeric = !categorical && Arrays.stream(numbers).allMatch(Double::isFinite);
    Distribution distribution =
        numeric ? Distribution.Quantiles.of(numbers) : Distribution.Categories.of(values);
    return new Column(name, critical, distribution, kept.size() - values.size());
  }

  private static void requireKnown(Set<String> known, Set<String> declared) {
    declared.stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalArgumentException("there is no column " + name);
        });
  }
}
