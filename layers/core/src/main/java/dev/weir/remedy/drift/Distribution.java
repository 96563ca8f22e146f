package dev.weir.remedy.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** How the values of one column fell into cells when the baseline was made. */
public sealed interface Distribution {

  /** How many baseline values fell into each cell. */
  List<Long> counts();

  /** The cell a text falls into; empty where a text of this kind has none. */
  OptionalInt cell(String text);

  /** The bins that PSI compares, made of cells. */
  long[] bins(long[] cells);

  /**
   * Numbers, by quantiles: cell {@code i} holds what is above edge {@code i - 1} and not above edge
   * {@code i}; the last one what is above all. Cells are percentiles, bins deciles, of each the
   * different ones.
   *
   * @param edges percentiles, ascending, all different
   * @param deciles those of the edges at which a bin ends
   */
  record Quantiles(List<Double> edges, List<Double> deciles, List<Long> counts)
      implements Distribution {

    private static final int PERCENTILES = 100;
    private static final int PER_BIN = 10;

    public Quantiles {
      edges = List.copyOf(edges);
      deciles = List.copyOf(deciles);
      counts = List.copyOf(counts);
    }

    /**
     * Takes the quantiles of a sample.
     *
     * @param sample not empty, all finite
     */
    public static Quantiles of(double[] sample) {
      double[] sorted = sample.clone();
      Arrays.sort(sorted);
      List<Double> edges = new ArrayList<>();
      List<Double> deciles = new ArrayList<>();
      for (int percent = 1; percent < PERCENTILES; percent++) {
        double edge = sorted[(int) ((long) percent * sorted.length / PERCENTILES)];
        if (edges.isEmpty() || edge > edges.getLast()) {
          edges.add(edge);
        }
        if (percent % PER_BIN == 0 && (deciles.isEmpty() || edge > deciles.getLast())) {
          deciles.add(edge);
        }
      }
      long[] counts = new long[edges.size() + 1];
      for (double value : sorted) {
        counts[cell(edges, value)]++;
      }
      return new Quantiles(edges, deciles, Arrays.stream(counts).boxed().toList());
    }

    private static int cell(List<Double> edges, double value) {
      int found = Collections.binarySearch(edges, value);
      return found < 0 ? -found - 1 : found;
    }

    /** The cell of a number. */
    int cell(double value) {
      return cell(edges, value);
    }

    @Override
    public OptionalInt cell(String text) {
      double value = number(text);
      return Double.isFinite(value) ? OptionalInt.of(cell(value)) : OptionalInt.empty();
    }

    @Override
    public long[] bins(long[] cells) {
      long[] bins = new long[deciles.size() + 1];
      int bin = 0;
      for (int cell = 0; cell < cells.length; cell++) {
        bins[bin] += cells[cell];
        if (cell < edges.size() && deciles.contains(edges.get(cell))) {
          bin++;
        }
      }
      return bins;
    }

    /** The number a text is; not a number where it is none. */
    static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException none) {
        return Double.NaN;
      }
    }
  }

  /**
   * Texts, by what they say: one cell each, and the last one for all others.
   *
   * @param names the commonest of the baseline, in the order of their cells
   */
  record Categories(List<String> names, List<Long> counts) implements Distribution {

    /** Most categories with a cell of their own. */
    static final int MOST = 50;

    public Categories {
      names = List.copyOf(names);
      counts = List.copyOf(counts);
    }

    /** Counts the categories of a sample; the commonest get cells. */
    public static Categories of(List<String> sample) {
      Map<String, Long> counted = new TreeMap<>();
      sample.forEach(value -> counted.merge(value, 1L, Long::sum));
      List<Map.Entry<String, Long>> commonest =
          counted.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
              .limit(MOST)
              .toList();
      List<Long> counts = new ArrayList<>(commonest.stream().map(Map.Entry::getValue).toList());
      long covered = counts.stream().mapToLong(Long::longValue).sum();
      counts.add(sample.size() - covered);
      return new Categories(commonest.stream().map(Map.Entry::getKey).toList(), counts);
    }

    @Override
    public OptionalInt cell(String text) {
      int index = names.indexOf(text);
      return OptionalInt.of(index < 0 ? names.size() : index);
    }

    @Override
    public long[] bins(long[] cells) {
      return cells.clone();
    }
  }
}
