package dev.weir.remedy.drift;

/**
 * One column of a baseline.
 *
 * @param critical whether it alone makes a window drift
 * @param missing how many of the baseline's rows had no value
 */
public record Column(String name, boolean critical, Distribution distribution, long missing) {

  /** What the names of columns of a model's answer begin with. */
  public static final String PREDICTION = "out.";

  /** Whether the model said it, rather than was asked it. */
  public boolean isPrediction() {
    return name.startsWith(PREDICTION);
  }
}
