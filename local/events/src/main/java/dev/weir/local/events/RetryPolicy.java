package dev.weir.local.events;

/**
 * How long a target is asked again (API reference, RetryPolicy).
 *
 * @param ageSeconds greatest age of an event since the bus took it, from 60 to 86,400
 * @param attempts greatest number of attempts after the first, from 0 to 185
 */
record RetryPolicy(int ageSeconds, int attempts) {
  private static final int LEAST_AGE = 60;
  private static final int GREATEST_AGE = 86_400;
  private static final int MOST_ATTEMPTS = 185;

  /** What holds when a target names none. */
  static final RetryPolicy USUAL = new RetryPolicy(GREATEST_AGE, MOST_ATTEMPTS);

  RetryPolicy {
    if (ageSeconds < LEAST_AGE || ageSeconds > GREATEST_AGE) {
      throw new IllegalArgumentException("MaximumEventAgeInSeconds is not from 60 to 86400");
    }
    if (attempts < 0 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException("MaximumRetryAttempts is not from 0 to 185");
    }
  }
}
