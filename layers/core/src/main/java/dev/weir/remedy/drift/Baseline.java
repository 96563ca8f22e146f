package dev.weir.remedy.drift;

import java.time.Instant;
import java.util.List;

/**
 * What the data looked like when the model was made.
 *
 * @param id what a window's verdict refers to: marks of another baseline do not count
 * @param rows how many rows it was made of
 * @param order names of the columns of rows that have positions only
 */
public record Baseline(
    String id, Instant madeAt, long rows, List<String> order, List<Column> columns) {

  /** Most columns of a baseline, so that it fits into one item of 400 KB. */
  public static final int MOST_COLUMNS = 150;

  public Baseline {
    order = List.copyOf(order);
    columns = List.copyOf(columns);
    if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "a baseline has 1 to " + MOST_COLUMNS + " columns, not " + columns.size());
    }
  }
}
