package dev.weir.local.sagemaker;

import dev.weir.local.sagemaker.scaling.Activities;
import dev.weir.local.sagemaker.scaling.Policies;
import dev.weir.local.sagemaker.scaling.Scaling;
import dev.weir.local.sagemaker.scaling.ScheduledActions;
import dev.weir.local.sagemaker.scaling.Targets;
import dev.weir.local.sagemaker.state.Handler;
import java.util.Map;

/** Application Auto Scaling's operations by name. */
final class ScalingHandlers {
  private ScalingHandlers() {}

  static Map<String, Handler> of(
      Scaling scaling,
      Targets targets,
      Policies policies,
      ScheduledActions scheduled,
      Activities activities) {
    return Map.of(
        "RegisterScalableTarget", scaling::register,
        "DeregisterScalableTarget", scaling::deregister,
        "DescribeScalableTargets", targets::describe,
        "PutScalingPolicy", scaling::putPolicy,
        "DeleteScalingPolicy", scaling::deletePolicy,
        "DescribeScalingPolicies", policies::describe,
        "DescribeScalingActivities", activities::describe,
        "PutScheduledAction", scaling::putScheduled,
        "DeleteScheduledAction", scheduled::delete,
        "DescribeScheduledActions", scheduled::describe);
  }
}
