package dev.weir.local.sagemaker.metric;

/** The states of an alarm. */
enum AlarmState {
  OK,
  ALARM,
  INSUFFICIENT_DATA
}
