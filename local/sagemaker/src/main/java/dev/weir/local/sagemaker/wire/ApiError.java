package dev.weir.local.sagemaker.wire;

/** A service's refusal of one call. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String type;
  private final int status;

  /**
   * A refusal.
   *
   * @param type the error's name in the AWS API, such as {@code ResourceLimitExceeded}
   * @param status HTTP status
   */
  public ApiError(String type, int status, String message) {
    super(message, null, false, false);
    this.type = type;
    this.status = status;
  }

  public String type() {
    return type;
  }

  public int status() {
    return status;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  /** The error that no service model names and that SageMaker answers most refusals with. */
  public static ApiError validation(String message) {
    return new ApiError("ValidationException", 400, message);
  }

  public static ApiError resourceInUse(String message) {
    return new ApiError("ResourceInUse", 400, message);
  }

  public static ApiError resourceNotFound(String message) {
    return new ApiError("ResourceNotFound", 400, message);
  }

  public static ApiError limitExceeded(String message) {
    return new ApiError("ResourceLimitExceeded", 400, message);
  }
}
