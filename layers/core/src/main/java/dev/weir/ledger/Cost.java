package dev.weir.ledger;

/**
 * An exact amount of money.
 *
 * @param picoUsd integer pico-USD (1e-12 USD), 0 or more
 */
public record Cost(long picoUsd) {

  public static final Cost ZERO = new Cost(0);

  /** Pico-USD in a micro-USD. */
  public static final long PICO_PER_MICRO = 1_000_000;

  /**
   * The sum.
   *
   * @throws ArithmeticException above 9.2 million USD
   */
  public Cost plus(Cost other) {
    return new Cost(Math.addExact(picoUsd, other.picoUsd));
  }

  /** Micro-USD, rounded up: what budgets count, so that they can only err on the safe side. */
  public long microUsd() {
    return Math.ceilDiv(picoUsd, PICO_PER_MICRO);
  }
}
