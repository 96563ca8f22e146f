package dev.weir.local.sagemaker.state;

import java.time.Duration;

/** What takes time, and how long it does on average; in the range of what AWS takes. */
public enum Step {
  CONFIG_VISIBLE(Duration.ofSeconds(5)),
  ENDPOINT_CREATE(Duration.ofMinutes(5)),
  ENDPOINT_UPDATE(Duration.ofMinutes(6)),
  ENDPOINT_SHIFT(Duration.ofMinutes(1)),
  ENDPOINT_RESCALE(Duration.ofMinutes(4)),
  ENDPOINT_ROLLBACK(Duration.ofMinutes(3)),
  ENDPOINT_DELETE(Duration.ofMinutes(1)),
  COMPONENT_CHANGE(Duration.ofMinutes(3)),
  NOTEBOOK_START(Duration.ofMinutes(4)),
  NOTEBOOK_STOP(Duration.ofMinutes(2)),
  APP_START(Duration.ofMinutes(3)),
  APP_DELETE(Duration.ofMinutes(1)),
  JOB_START(Duration.ofMinutes(3)),
  JOB_RUN(Duration.ofMinutes(20)),
  JOB_STOP(Duration.ofMinutes(2)),
  SPOT_WAIT(Duration.ofMinutes(30));

  private final Duration usual;

  Step(Duration usual) {
    this.usual = usual;
  }

  Duration usual() {
    return usual;
  }
}
