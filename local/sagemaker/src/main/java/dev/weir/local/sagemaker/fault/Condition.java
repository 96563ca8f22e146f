package dev.weir.local.sagemaker.fault;

/** What is wrong as long as the fault lasts. */
public enum Condition implements FaultKind {
  /** In service, but invocations fail. */
  PROBES_FAIL,
  /** Metrics of the subject (an endpoint's or a namespace's name) are not taken in. */
  METRICS_MISSING,
  /** Metrics of the subject come late. */
  METRICS_DELAYED,
  /** Events of the subject do not arrive. */
  EVENTS_LOST
}
