package dev.weir.remedy.drift;

/**
 * When a window is judged and when it has drifted.
 *
 * @param minRows fewer rows are no data; at least {@link #FEWEST_ROWS}
 * @param warn PSI of a column above which it is worth a look
 * @param act PSI of a column above which it has drifted
 * @param featureShare share of the columns that must have drifted where no critical one has
 * @param windows how many windows are looked at
 * @param drifted how many of them must have drifted
 */
public record DriftRules(
    long minRows, double warn, double act, double featureShare, int windows, int drifted) {

  /**
   * Below this many rows chance alone passes the levels: at 200 rows one of 20 features is above
   * 0.1 in every third window in which nothing has changed.
   */
  public static final long FEWEST_ROWS = 500;

  /** 1,000 rows, 0.1 and 0.2, a tenth of the columns, 3 of 5 windows. */
  public static final DriftRules DEFAULT = new DriftRules(1000, 0.1, 0.2, 0.1, 5, 3);

  /** Share of the rows that may be of another schema. */
  static final double SCHEMA_SHARE = 0.01;

  /** By how much more of the rows than in the baseline may lack a value, or have an unseen one. */
  static final double EXCESS_SHARE = 0.05;

  public DriftRules {
    require(minRows >= FEWEST_ROWS, "minRows is at least " + FEWEST_ROWS);
    require(warn > 0 && warn <= act && Double.isFinite(act), "0 < warn <= act");
    require(featureShare > 0 && featureShare <= 1, "0 < featureShare <= 1");
    require(drifted >= 1 && drifted <= windows && windows <= 30, "1 <= drifted <= windows <= 30");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
