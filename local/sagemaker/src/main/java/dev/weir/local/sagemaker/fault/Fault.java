package dev.weir.local.sagemaker.fault;

import dev.weir.local.sagemaker.wire.ApiError;
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

  /**
   * Refuses the call that it hits, as the service would.
   *
   * @throws ApiError unless the call is only not heard
   */
  public void refuse() {
    if (kind instanceof CallFault fault) {
      switch (fault) {
        case THROTTLED -> throw new ApiError("ThrottlingException", 400, "Rate exceeded");
        case ACCESS_DENIED ->
            throw new ApiError(
                "AccessDeniedException", 400, "User is not authorized to perform this action");
        case LIMIT_EXCEEDED ->
            throw ApiError.limitExceeded(
                "The account-level service limit for this resource is exceeded."
                    + " Please use AWS Service Quotas to request an increase for this quota.");
        case INTERNAL -> throw new ApiError("InternalFailure", 500, "Internal failure");
        case LOST_REPLY, LOST_REQUEST -> {}
      }
    }
  }

  boolean matches(String calledOperation, String calledResource) {
    return (operation.equals(ANY) || operation.equals(calledOperation))
        && (resource.equals(ANY) || resource.equalsIgnoreCase(calledResource));
  }
}
