package dev.weir.remedy.forecast;

import java.util.Arrays;

/**
 * Additive Holt-Winters with a weekly season. It begins with a straight line and the weekdays' mean
 * distances from it, both fitted by least squares, so that without smoothing it is that line.
 */
final class HoltWinters {

  private static final int WEEK = DailySeries.WEEK;

  /** A slope of fewer standard errors is taken for chance: it would be drawn out over months. */
  private static final double CHANCE = 2;

  private static final double[] LEVEL = {0, 0.05, 0.1, 0.2, 0.4, 0.7};
  private static final double[] TREND = {0, 0.02, 0.1};
  private static final double[] SEASON = {0, 0.1, 0.3};

  private final double[] season = new double[WEEK];
  private double level;
  private double trend;
  private int days;
  private double error;

  private HoltWinters(double[] past, double alpha, double beta, double gamma) {
    begin(past);
    run(past, alpha, beta, gamma);
  }

  /** With the smoothing that foretold each day of the past best from those before it. */
  static HoltWinters fitted(double[] past) {
    HoltWinters best = new HoltWinters(past, 0, 0, 0);
    for (double alpha : LEVEL) {
      for (double beta : TREND) {
        for (double gamma : SEASON) {
          HoltWinters next = new HoltWinters(past, alpha, beta, gamma);
          if (next.error < best.error) {
            best = next;
          }
        }
      }
    }
    return best;
  }

  private void begin(double[] past) {
    double middle = (past.length - 1) / 2.0;
    double mean = Arrays.stream(past).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int day = 0; day < past.length; day++) {
      covariance += (day - middle) * (past[day] - mean);
      variance += (day - middle) * (day - middle);
    }
    double slope = covariance / variance;
    weekdays(past, mean, slope);
    double squares = 0;
    for (int day = 0; day < past.length; day++) {
      double miss = past[day] - mean - slope * (day - middle) - season[day % WEEK];
      squares += miss * miss;
    }
    double standardError = Math.sqrt(squares / (past.length - WEEK - 1) / variance);
    if (Math.abs(slope) < CHANCE * standardError) {
      slope = 0;
      weekdays(past, mean, slope);
    }
    trend = slope;
    level = mean - slope * (middle + 1);
  }

  private void weekdays(double[] past, double mean, double slope) {
    double middle = (past.length - 1) / 2.0;
    int[] count = new int[WEEK];
    Arrays.fill(season, 0);
    for (int day = 0; day < past.length; day++) {
      season[day % WEEK] += past[day] - mean - slope * (day - middle);
      count[day % WEEK]++;
    }
    for (int weekday = 0; weekday < WEEK; weekday++) {
      season[weekday] /= count[weekday];
    }
  }

  private void run(double[] past, double alpha, double beta, double gamma) {
    for (double value : past) {
      int weekday = days % WEEK;
      double miss = value - (level + trend + season[weekday]);
      error += miss * miss;
      level += trend + alpha * miss;
      trend += alpha * beta * miss;
      season[weekday] += gamma * (1 - alpha) * miss;
      days++;
    }
  }

  double[] forecast(int ahead) {
    double[] forecast = new double[ahead];
    for (int day = 0; day < ahead; day++) {
      forecast[day] = level + trend * (day + 1) + season[(days + day) % WEEK];
    }
    return forecast;
  }
}
