package dev.weir.remedy.forecast;

import java.util.Arrays;

/** A way to continue a daily series with a weekly pattern. */
enum Model {
  /** Each day as the same weekday of the last week. */
  SEASONAL_NAIVE {
    @Override
    double[] forecast(double[] past, int days) {
      double[] forecast = new double[days];
      for (int day = 0; day < days; day++) {
        forecast[day] = past[past.length - WEEK + day % WEEK];
      }
      return forecast;
    }
  },

  /** Level, trend and weekday, each smoothed exponentially (Holt 1957, Winters 1960; additive). */
  HOLT_WINTERS {
    @Override
    double[] forecast(double[] past, int days) {
      return HoltWinters.fitted(past).forecast(days);
    }
  };

  private static final int WEEK = DailySeries.WEEK;

  /**
   * The days after the past.
   *
   * @param past at least two weeks
   */
  abstract double[] forecast(double[] past, int days);

  /** The same, without less than nothing. */
  double[] ahead(double[] past, int days) {
    return Arrays.stream(forecast(past, days)).map(value -> Math.max(0, value)).toArray();
  }
}
