package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.metric.Alarms;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Application Auto Scaling's operations, and its hand on the capacities. */
public final class Scaling {
  private static final long COOLDOWN_SECONDS = 300;

  private final Context context;
  private final Targets targets;
  private final Policies policies;
  private final ScheduledActions scheduled;
  private final Capacities capacities;
  private final Activities activities;
  private final Alarms alarms;
  private final Map<String, Instant> cooling = new HashMap<>();

  public Scaling(
      Context context,
      Targets targets,
      Policies policies,
      ScheduledActions scheduled,
      Capacities capacities,
      Activities activities,
      Alarms alarms) {
    this.context = context;
    this.targets = targets;
    this.policies = policies;
    this.scheduled = scheduled;
    this.capacities = capacities;
    this.activities = activities;
    this.alarms = alarms;
  }

  /** RegisterScalableTarget; capacity outside of the bounds is moved into them. */
  public JsonNode register(ObjectNode request) {
    if (!request.path("ServiceNamespace").asText().equals("sagemaker")) {
      throw ApiError.validation("Only sagemaker is known here.");
    }
    if (capacities.desired(new ScalableTarget(request)).isEmpty()) {
      throw ApiError.validation("Resource not found: " + request.path("ResourceId").asText());
    }
    ScalableTarget target = targets.register(request);
    bound(target);
    return target.data();
  }

  public JsonNode deregister(ObjectNode request) {
    targets.deregister(request);
    forget(ScalableTarget.key(request));
    return Json.object();
  }

  /**
   * Takes the scaling off an endpoint that is being deleted: its targets are deregistered, in the
   * name of whoever deletes it and without telling (SageMaker Developer Guide, "Delete endpoints
   * configured for auto scaling"), and with a target go its policies and scheduled actions
   * (Application Auto Scaling API Reference, DeregisterScalableTarget). Registered anew, a policy
   * of the same name is another one, with another ARN.
   */
  public void endpointDeleted(String endpoint) {
    String variants = "endpoint/" + endpoint + "/";
    for (ScalableTarget target : targets.all()) {
      if (target.resource().regionMatches(true, 0, variants, 0, variants.length())) {
        targets.deregister(target.data());
        forget(ScalableTarget.key(target.data()));
        context
            .history()
            .add(context.time().instant(), target.resource(), "deregistered", "endpoint deleted");
      }
    }
  }

  private void forget(String target) {
    policies.forget(target);
    scheduled.forget(target);
  }

  public JsonNode putScheduled(ObjectNode request) {
    targets.require(request);
    return scheduled.put(request);
  }

  public JsonNode putPolicy(ObjectNode request) {
    targets.require(request);
    return policies.put(request);
  }

  public JsonNode deletePolicy(ObjectNode request) {
    return policies.delete(request);
  }

  /** Moves every capacity into its bounds; what could not be moved is tried again next minute. */
  public void minute() {
    targets.all().forEach(this::bound);
  }

  private void bound(ScalableTarget target) {
    capacities
        .desired(target)
        .ifPresent(desired -> {
          int wanted = target.clamp(desired);
          String bounds = wanted > desired ? "minimum capacity" : "maximum capacity";
          move(target, desired, wanted, "Scalable target's " + bounds + " was set to " + wanted);
        });
  }

  /**
   * What a policy does when its alarm is in state ALARM; also called again while it stays there.
   */
  public void alarmed(String policyArn, String alarm, double threshold, OptionalDouble value) {
    policies
        .byArn(policyArn)
        .ifPresent(policy ->
            targets
                .find(ScalableTarget.key(policy))
                .ifPresent(target -> act(target, policy, alarm, threshold, value)));
  }

  private void act(
      ScalableTarget target,
      ObjectNode policy,
      String alarm,
      double threshold,
      OptionalDouble value) {
    Optional<Integer> now = capacities.desired(target);
    if (now.isEmpty() || value.isEmpty()) {
      return;
    }
    boolean tracking = isTracking(policy);
    int wanted =
        target.clamp(
            tracking
                ? Adjustment.track(policy, now.get(), value.getAsDouble())
                : Adjustment.step(policy, now.get(), value.getAsDouble() - threshold));
    boolean in = wanted < now.get();
    boolean held = tracking && in && (isOutOnly(policy) || othersHold(target));
    String cooldown = policy.path("PolicyARN").asText() + in;
    Instant instant = context.time().instant();
    boolean cools = instant.isBefore(cooling.getOrDefault(cooldown, Instant.MIN));
    String cause = "monitor alarm " + alarm + " in state ALARM triggered policy ";
    if (!cools
        && !held
        && !target.suspended(in)
        && move(target, now.get(), wanted, cause + policy.path("PolicyName").asText())) {
      cooling.put(cooldown, instant.plus(cooldown(policy, tracking, in)));
    }
  }

  private static boolean isTracking(ObjectNode policy) {
    return policy.path("PolicyType").asText().startsWith("TargetTracking");
  }

  private static boolean isOutOnly(ObjectNode policy) {
    return policy
        .path("TargetTrackingScalingPolicyConfiguration")
        .path("DisableScaleIn")
        .asBoolean();
  }

  /** Of several policies the one for more capacity wins: all must agree to scale in. */
  private boolean othersHold(ScalableTarget target) {
    List<ObjectNode> all = policies.of(ScalableTarget.key(target.data()));
    return all.stream()
        .filter(Scaling::isTracking)
        .anyMatch(policy ->
            alarms.isAlarmed(Policies.alarm(policy, 0))
                || !isOutOnly(policy) && !alarms.isAlarmed(Policies.alarm(policy, 1)));
  }

  private static Duration cooldown(ObjectNode policy, boolean tracking, boolean in) {
    JsonNode seconds =
        tracking
            ? policy
                .path("TargetTrackingScalingPolicyConfiguration")
                .path(in ? "ScaleInCooldown" : "ScaleOutCooldown")
            : policy.path("StepScalingPolicyConfiguration").path("Cooldown");
    return Duration.ofSeconds(seconds.asLong(COOLDOWN_SECONDS));
  }

  /** Whether it was moved; it is not while the resource is being changed. */
  private boolean move(ScalableTarget target, int from, int to, String cause) {
    if (from == to) {
      return false;
    }
    Activities.Activity activity = activities.begin(target, to, cause);
    try {
      capacities.change(target, to, activity::fulfilled);
      context
          .ledger()
          .add(
              context.time().instant(),
              "application-autoscaling",
              "sagemaker",
              "SetDesiredCapacity",
              target.resource(),
              Ledger.DONE,
              Json.object().put("DesiredCapacity", to));
      return true;
    } catch (ApiError e) {
      activity.refused(e.message());
      return false;
    }
  }
}
