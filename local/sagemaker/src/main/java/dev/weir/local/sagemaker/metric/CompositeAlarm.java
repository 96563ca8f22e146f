package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An alarm on the states of other alarms. */
record CompositeAlarm(ObjectNode data, CompositeRule rule) implements Alarm {

  CompositeAlarm(ObjectNode data) {
    this(data, CompositeRule.read(data.path("AlarmRule").asText()));
  }
}
