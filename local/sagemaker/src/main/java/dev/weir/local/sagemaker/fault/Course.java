package dev.weir.local.sagemaker.fault;

/** How what a call began goes another way. */
public enum Course implements FaultKind {
  /** An update ends in service, with the old configuration and without a reason. */
  SILENT_ROLLBACK,
  /** An update's rollback fails as well. */
  ROLLBACK_FAILED,
  /** No instances: a creation fails, an update is rolled back, a job fails. */
  NO_CAPACITY,
  /** Fewer instances than desired. */
  PARTIAL_CAPACITY,
  /** It never ends; with a delay it ends that much later. */
  STUCK,
  /** It fails. */
  FAILED,
  /** Spot capacity is taken away. */
  SPOT_INTERRUPTED
}
