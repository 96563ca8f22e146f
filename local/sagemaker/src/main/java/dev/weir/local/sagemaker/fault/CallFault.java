package dev.weir.local.sagemaker.fault;

/** A call that goes wrong. */
public enum CallFault implements FaultKind {
  /** {@code ThrottlingException}; nothing is done. */
  THROTTLED,
  /** {@code AccessDeniedException}; nothing is done. */
  ACCESS_DENIED,
  /** {@code ResourceLimitExceeded}; nothing is done. */
  LIMIT_EXCEEDED,
  /** {@code InternalFailure}, status 500; nothing is done. */
  INTERNAL,
  /** It is done, but the caller never hears. */
  LOST_REPLY,
  /** The caller never hears, and it is not done either. */
  LOST_REQUEST
}
