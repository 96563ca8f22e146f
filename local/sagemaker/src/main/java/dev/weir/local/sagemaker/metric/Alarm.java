package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An alarm: its definition and its state, as DescribeAlarms gives them. */
sealed interface Alarm permits MetricAlarm, CompositeAlarm {
  ObjectNode data();

  default String name() {
    return data().path("AlarmName").asText();
  }

  default AlarmState state() {
    return AlarmState.valueOf(data().path("StateValue").asText());
  }
}
