package dev.weir.local.sagemaker.metric;

import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.wire.ApiError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The composite alarms among all: each is looked at when one that its rule names changes. */
final class Composites {
  private final Context context;
  private final Transitions transitions;
  private final Map<String, Alarm> alarms;

  Composites(Context context, Transitions transitions, Map<String, Alarm> alarms) {
    this.context = context;
    this.transitions = transitions;
    this.alarms = alarms;
  }

  /**
   * Checks a rule.
   *
   * @throws ApiError it names an alarm that is not there
   */
  void check(CompositeRule rule) {
    List<String> missing =
        rule.alarms().stream().filter(name -> !alarms.containsKey(named(name))).toList();
    if (!missing.isEmpty()) {
      throw ApiError.validation("Alarms in the alarm rule do not exist: " + missing);
    }
  }

  /** Looks at one that has just been put. */
  void begin(CompositeAlarm alarm) {
    AlarmState next = judged(alarm);
    String reason = "%s was created and its alarm rule evaluates to %s";
    if (next != alarm.state()) {
      transitions.become(
          alarm, next, reason.formatted(context.arns().alarm(alarm.name()), next), "");
      changed(alarm);
    }
  }

  /** Looks at those that depend on one that has changed. */
  void changed(Alarm cause) {
    pass(cause, Set.of(cause.name()));
  }

  /**
   * Looks at the composite alarms that depend on one that has changed.
   *
   * @param way the alarms that it came by: where they go in a circle, CloudWatch stops
   */
  private void pass(Alarm cause, Set<String> way) {
    for (String name : dependents(cause.name())) {
      if (!way.contains(name) && alarms.get(name) instanceof CompositeAlarm alarm) {
        AlarmState next = judged(alarm);
        String arn = context.arns().alarm(cause.name());
        String reason = AlarmReasons.text(cause, arn, context.time().instant());
        if (next != alarm.state()
            && transitions.become(alarm, next, reason, AlarmReasons.data(cause, arn))) {
          Set<String> further = new TreeSet<>(way);
          further.add(name);
          pass(alarm, further);
        }
      }
    }
  }

  private AlarmState judged(CompositeAlarm alarm) {
    return alarm
            .rule()
            .holds(name -> Optional.ofNullable(alarms.get(named(name))).map(Alarm::state))
        ? AlarmState.ALARM
        : AlarmState.OK;
  }

  /** The composite alarms whose rules name it. */
  List<String> dependents(String name) {
    return alarms.values().stream()
        .filter(alarm ->
            alarm instanceof CompositeAlarm composite
                && composite.rule().alarms().stream().map(this::named).anyMatch(name::equals))
        .map(Alarm::name)
        .toList();
  }

  /** The name of an alarm that a rule calls by name or ARN. */
  private String named(String alarm) {
    String prefix = context.arns().alarm("");
    return alarm.startsWith(prefix) ? alarm.substring(prefix.length()) : alarm;
  }
}
