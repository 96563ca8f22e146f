package dev.weir.ledger;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Ledger rows added up by what they have in common, exactly. */
public final class Bill {

  /** What rows are added up by. */
  public enum By {
    DAY(row -> row.day().toString()),
    MODEL(Booked::model),
    KEY(Booked::keyId),
    OUTCOME(Booked::outcome);

    private final Function<Booked, String> name;

    By(Function<Booked, String> name) {
      this.name = name;
    }
  }

  /**
   * One sum.
   *
   * @param calls rows, whatever became of them
   * @param estimated those of them whose model did not report its usage
   */
  public record Sum(long calls, long estimated, Usage usage, Cost cost, Savings saved) {

    static final Sum NOTHING = new Sum(0, 0, Usage.ZERO, Cost.ZERO, Savings.NONE);

    Sum plus(Booked row) {
      return new Sum(
          calls + 1,
          estimated + (row.estimated() ? 1 : 0),
          usage.plus(row.usage()),
          cost.plus(row.cost()),
          saved.plus(row.saved()));
    }
  }

  private final By by;
  private final SortedMap<String, Sum> lines = new TreeMap<>();
  private Sum total = Sum.NOTHING;

  public Bill(By by) {
    this.by = by;
  }

  public void add(Booked row) {
    lines.merge(by.name.apply(row), Sum.NOTHING.plus(row), (sum, _) -> sum.plus(row));
    total = total.plus(row);
  }

  /** Sums by day, model, key or outcome, in alphabetical order. */
  public SortedMap<String, Sum> lines() {
    return new TreeMap<>(lines);
  }

  public Sum total() {
    return total;
  }
}
