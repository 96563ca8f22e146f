package dev.weir.endpoint;

import dev.weir.ledger.Cost;
import java.time.Duration;

/**
 * What invoking an endpoint is charged, in integer pico-USD (1e-12 USD).
 *
 * @param invocationPicoUsd for each invocation that reached the container
 * @param secondPicoUsd for each second it took, by the millisecond
 * @param kilobytePicoUsd for each 1,000 bytes of request and reply, begun ones in full
 * @param source where the figure was read, or how it was made
 * @param date when, ISO 8601
 */
public record EndpointPrice(
    long invocationPicoUsd, long secondPicoUsd, long kilobytePicoUsd, String source, String date) {

  /** What an invocation costs, exactly; part of a millisecond's price is charged in full. */
  public Cost of(Duration time, long bytes) {
    long ofTime = Math.ceilDiv(Math.multiplyExact(secondPicoUsd, time.toMillis()), 1_000);
    long ofBytes = Math.multiplyExact(kilobytePicoUsd, Math.ceilDiv(bytes, 1_000));
    return new Cost(Math.addExact(invocationPicoUsd, Math.addExact(ofTime, ofBytes)));
  }
}
