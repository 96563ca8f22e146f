package dev.weir.local.sagemaker.fault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What shall go wrong.
 *
 * @param operation the operation's name in the AWS API, or {@code *}; conditions have none
 * @param resource the resource's name, or {@code *}
 * @param times how many calls it hits; 0 for all
 * @param share of the calls that match, how many it hits, above 0 up to 1
 * @param until when it ends; empty for never
 * @param delay of {@code STUCK} and {@code METRICS_DELAYED}
 */
public record Fault(
    FaultKind kind,
    String operation,
    String resource,
    int times,
    double share,
    Optional<Instant> until,
    Optional<Duration> delay) {
  public static final String ANY = "*";

  /** A fault that hits every matching call. */
  public Fault(FaultKind kind, String operation, String resource) {
    this(kind, operation, resource, 0, 1, Optional.empty(), Optional.empty());
  }

  /** The same, for so many calls only. */
  public Fault times(int count) {
    return new Fault(kind, operation, resource, count, share, until, delay);
  }

  /** The same, for a part of the calls only. */
  public Fault share(double part) {
    return new Fault(kind, operation, resource, times, part, until, delay);
  }

  /** The same, up to then. */
  public Fault until(Instant end) {
    return new Fault(kind, operation, resource, times, share, Optional.of(end), delay);
  }

  /** The same, with a delay. */
  public Fault delay(Duration by) {
    return new Fault(kind, operation, resource, times, share, until, Optional.of(by));
  }

  boolean matches(String calledOperation, String calledResource) {
    return (operation.equals(ANY) || operation.equals(calledOperation))
        && (resource.equals(ANY) || resource.equalsIgnoreCase(calledResource));
  }
}
