package dev.weir.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** When calls arrive, in microseconds from the start, for a limit of so many per minute. */
enum Traffic {
  /** At random, half again as many as the limit admits. */
  SATURATED {
    @Override
    List<Long> arrivals(long perMinute, long micros, RandomGenerator random) {
      List<Long> arrivals = new ArrayList<>();
      double at = 0;
      while (at < micros) {
        at += random.nextExponential() * MINUTE / (1.5 * perMinute);
        arrivals.add((long) at);
      }
      return arrivals;
    }
  },
  /** The whole limit in the last half second of a minute and again in the first of the next. */
  EDGE {
    @Override
    List<Long> arrivals(long perMinute, long micros, RandomGenerator random) {
      List<Long> arrivals = new ArrayList<>();
      for (long edge = MINUTE; edge < micros; edge += MINUTE) {
        burst(arrivals, edge - SECOND / 2, SECOND / 2, perMinute, random);
        burst(arrivals, edge + 1, SECOND / 2, perMinute, random);
      }
      return arrivals;
    }
  },
  /** Bursts around edges of slots, apart by about a window, with and without margin and slot. */
  SLOT_EDGE {
    @Override
    List<Long> arrivals(long perMinute, long micros, RandomGenerator random) {
      long[] gaps = {
        58_990, 59_500, 60_000, 60_010, 61_000, 63_000, 65_000, 65_010, 70_000, 70_050
      };
      List<Long> arrivals = new ArrayList<>();
      long at = 5 * SECOND;
      while (at < micros) {
        long edge = at / SLOT * SLOT + (random.nextInt(5) - 2) * SECOND / 10;
        burst(arrivals, Math.max(0, edge - SECOND / 10), SECOND / 5, perMinute, random);
        at += gaps[random.nextInt(gaps.length)] * 1000;
      }
      return arrivals;
    }
  },
  /** One to three calls, then none for a third of a window to one and a half. */
  SPARSE {
    @Override
    List<Long> arrivals(long perMinute, long micros, RandomGenerator random) {
      List<Long> arrivals = new ArrayList<>();
      long at = 0;
      while (at < micros) {
        burst(arrivals, at, SECOND, 1 + random.nextInt(3), random);
        at += (long) (MINUTE * random.nextDouble(0.3, 1.5));
      }
      return arrivals;
    }
  };

  static final long SECOND = 1_000_000;
  static final long MINUTE = 60 * SECOND;
  private static final long SLOT = 5 * SECOND;

  abstract List<Long> arrivals(long perMinute, long micros, RandomGenerator random);

  /** Evenly paced calls. */
  static List<Long> paced(double perMinute, long micros) {
    List<Long> arrivals = new ArrayList<>();
    for (double at = 0; at < micros; at += MINUTE / perMinute) {
      arrivals.add((long) at);
    }
    return arrivals;
  }

  private static void burst(
      List<Long> arrivals, long from, long length, long calls, RandomGenerator random) {
    for (long call = 0; call < calls; call++) {
      arrivals.add(from + random.nextLong(length));
    }
  }
}
