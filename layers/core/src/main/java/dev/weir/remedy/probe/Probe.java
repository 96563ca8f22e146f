package dev.weir.remedy.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Synthetic requests to an endpoint, one after another, until it is clear what they show. Not
 * thread-safe.
 */
public final class Probe {

  /** Most requests of one probe. */
  public static final int MOST = 100;

  /** How many of the last requests of a warm-up are looked at. */
  public static final int LAST = 5;

  private static final double PERCENTILE = 0.95;

  private final Goal goal;
  private final List<Boolean> answered = new ArrayList<>();
  private final List<Long> millis = new ArrayList<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private int good;

  /** What has to be shown, and by how many requests at most. */
  public sealed interface Goal {

    int most();

    /** Longest time in milliseconds of a request that is good. */
    long budgetMillis();

    /** {@code needed} of {@code most} requests are good. */
    record Answers(int most, int needed, long budgetMillis) implements Goal {
      public Answers {
        require(most, budgetMillis);
        if (needed < 1 || needed > most) {
          throw new IllegalArgumentException("1 to n requests must be good, not " + needed);
        }
      }
    }

    /**
     * At least so many requests were made, the last {@link #LAST} of them were all answered, and
     * their p95 is within the budget.
     */
    record Warm(int most, int least, long budgetMillis) implements Goal {
      public Warm {
        require(most, budgetMillis);
        if (least < LAST || least > most) {
          throw new IllegalArgumentException(
              "a warm-up takes " + LAST + " to n requests at least, not " + least);
        }
      }
    }

    private static void require(int most, long budgetMillis) {
      if (most < 1 || most > MOST || budgetMillis < 1) {
        throw new IllegalArgumentException(
            "1 to " + MOST + " requests, and a budget above 0 ms, not " + most);
      }
    }
  }

  /** What one request showed. */
  public sealed interface Shown {
    /** It was answered, and the answer is right. */
    record Answered(long millis) implements Shown {}

    /**
     * It was not, or wrongly.
     *
     * @param reason upper snake case
     */
    record Failed(String reason) implements Shown {}
  }

  /**
   * What all requests showed.
   *
   * @param p95Millis of the answered ones, in a warm-up of the last {@link #LAST}; 0 without any
   * @param reasons why requests were not good, with how many were not for that reason
   */
  public record Result(
      boolean ok, int tried, int good, long p95Millis, Map<String, Integer> reasons) {}

  public Probe(Goal goal) {
    this.goal = goal;
  }

  /** Whether another request could still change what is shown. */
  public boolean goesOn() {
    int left = goal.most() - answered.size();
    return switch (goal) {
      case Goal.Answers(int _, int needed, long _) -> good < needed && good + left >= needed;
      case Goal.Warm warm -> left > 0 && !isWarm(warm);
    };
  }

  /** Takes a request into account. */
  public void add(Shown shown) {
    switch (shown) {
      case Shown.Answered(long took) -> {
        answered.add(true);
        millis.add(took);
        if (took <= goal.budgetMillis()) {
          good++;
        } else {
          reasons.merge("SLOW", 1, Integer::sum);
        }
      }
      case Shown.Failed(String reason) -> {
        answered.add(false);
        reasons.merge(reason, 1, Integer::sum);
      }
    }
  }

  /** What was shown so far. */
  public Result result() {
    boolean ok =
        switch (goal) {
          case Goal.Answers(int _, int needed, long _) -> good >= needed;
          case Goal.Warm warm -> isWarm(warm);
        };
    List<Long> counted = goal instanceof Goal.Warm ? last(millis) : millis;
    return new Result(ok, answered.size(), good, p95(counted), Map.copyOf(reasons));
  }

  private boolean isWarm(Goal.Warm warm) {
    return answered.size() >= warm.least()
        && !last(answered).contains(false)
        && p95(last(millis)) <= warm.budgetMillis();
  }

  private static <T> List<T> last(List<T> all) {
    return all.subList(Math.max(0, all.size() - LAST), all.size());
  }

  private static long p95(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(PERCENTILE * sorted.size()) - 1);
  }
}
