package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** An endpoint of two instances, of which there may be six, that is short of them. */
final class ScaleOutStories {
  private static final Duration HOLDING = Duration.ofMinutes(12);
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final Duration LONG = Duration.ofHours(2);

  private ScaleOutStories() {}

  static Stream<Story> all() {
    return Stream.of(
            ways().stream(),
            Stream.of("Failed", "OutOfService", "UpdateRollbackFailed")
                .map(status -> is(status, "ESCALATED")),
            Stream.of("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
                .map(status -> is(status, "SUPPRESSED")),
            notAsked().stream(),
            notAllowed().stream(),
            failures().stream(),
            changes().stream(),
            unbounded().stream())
        .flatMap(all -> all);
  }

  private static List<Story> ways() {
    return List.of(
        new Story(
            "a queue of 150",
            LONG,
            rig -> bounded(rig).remediationAlarm().queue(150, 20),
            "INTENT(RAISE_MIN)",
            "SUCCEEDED(SCALED_OUT)"),
        new Story(
            "a minimum that is owed",
            Duration.ofMinutes(20),
            rig -> {
              bounded(rig).owed();
              rig.reconcileEvery(Duration.ofMinutes(5));
            },
            "INTENT(RESTORE_MIN)",
            "SUCCEEDED(RESTORE_MIN)"),
        new Story(
            "a storm while a minimum is owed",
            Duration.ofMinutes(20),
            rig -> {
              owing(rig, ScaleOutStories::storm);
              rig.time.after(Duration.ofMinutes(8), () -> new QueuedEndpoint(rig).ask());
            },
            "INTENT(RESTORE_MIN)",
            "SUCCEEDED(RESTORE_MIN)",
            "SUPPRESSED(STORM)"),
        new Story(
            "many unwell while a minimum is owed",
            Duration.ofMinutes(20),
            rig -> owing(rig, ScaleOutStories::unwell),
            "INTENT(RESTORE_MIN)",
            "SUCCEEDED(RESTORE_MIN)",
            "SUPPRESSED(OFF)"),
        kept("off", rig -> rig.mode("scale-out", "off"), "OFF"),
        kept("off for everything", rig -> rig.mode("GLOBAL", "off"), "OFF"),
        new Story(
            "only planned while a minimum is owed",
            Duration.ofMinutes(40),
            rig -> owing(rig, dry -> dry.mode("scale-out", "dry-run")),
            "ESCALATED(DRY_RUN)",
            "SUPPRESSED(COOLDOWN)"),
        kept("frozen", ScaleOutStories::freeze, "FROZEN"),
        kept("excluded", rig -> GuardStories.tag(rig, "remediation:exclude", "true"), "EXCLUDED"),
        new Story(
            "off while a minimum is owed, and on again",
            Duration.ofMinutes(40),
            rig -> {
              owing(rig, off -> off.mode("scale-out", "off"));
              rig.time.after(Duration.ofMinutes(21), () -> rig.mode("scale-out", "auto"));
            },
            "ESCALATED(OFF)",
            "INTENT(RESTORE_MIN)",
            "SUCCEEDED(RESTORE_MIN)"),
        new Story(
            "a minimum that nobody owes",
            SOON,
            rig -> bounded(rig).ask("chat", "Restore Due"),
            "SUPPRESSED(NOTHING_OWED)"));
  }

  /** A minimum that is owed, and may not be given back. */
  private static Story kept(String why, Consumer<Rig> given, String reason) {
    return new Story(
        why + " while a minimum is owed",
        Duration.ofMinutes(40),
        rig -> owing(rig, given),
        "ESCALATED(" + reason + ")");
  }

  private static void owing(Rig rig, Consumer<Rig> given) {
    bounded(rig).owed();
    given.accept(rig);
    rig.reconcileEvery(Duration.ofMinutes(5));
  }

  private static void storm(Rig rig) {
    long until = rig.time.instant().plus(LONG).getEpochSecond();
    rig.put(
        "GATE",
        "endpoint",
        Map.of(
            "version", Map.of("N", "1"),
            "stormUntil", Map.of("N", Long.toString(until)),
            "stormStarted", Map.of("N", "1772440000")));
  }

  private static void unwell(Rig rig) {
    for (int i = 0; i < 4; i++) {
      rig.put("chat-part-" + i, "{'EndpointStatus':'Failed'}");
    }
  }

  private static void freeze(Rig rig) {
    long until = rig.time.instant().plus(LONG).getEpochSecond();
    rig.put(
        "CONFIG",
        "GLOBAL",
        Map.of("mode", Map.of("S", "auto"), "freezeUntil", Map.of("N", Long.toString(until))));
  }

  /** An endpoint in this state, which instances do not help or that is busy. */
  private static Story is(String status, String outcome) {
    String reason = "ENDPOINT_" + status.toUpperCase(Locale.ROOT);
    return refused(status, put(status), outcome + "(" + reason + ")");
  }

  private static List<Story> notAsked() {
    return List.of(
        refused(
            "updating for two hours",
            put("Updating").andThen(chat -> chat.pass(LONG)),
            "ESCALATED(STUCK_UPDATING)"),
        refused(
            "a policy has just scaled",
            chat -> chat.nativePolicy().bounds(3, 6),
            "SUPPRESSED(NATIVE_SCALING)"),
        refused(
            "serverless",
            chat -> chat.rig.put("chat", "{'ProductionVariants':[{'VariantName':'AllTraffic'}]}"),
            "ESCALATED(NO_INSTANCE_COUNT)"),
        refused(
            "two variants",
            chat ->
                chat.rig.put(
                    "chat", "{'ProductionVariants':[{'VariantName':'a'},{'VariantName':'b'}]}"),
            "ESCALATED(VARIANT_UNKNOWN)"),
        new Story(
            "an endpoint that is not there",
            SOON,
            rig -> bounded(rig).ask("chat-gone", "Drill"),
            "ESCALATED(ENDPOINT_MISSING)"),
        refused(
            "it may not look",
            chat -> unread(chat, "User is not authorized to perform this action"),
            "ESCALATED(ACCESS_DENIED)"),
        refused(
            "it is throttled for ever",
            chat -> unread(chat, "Rate exceeded"),
            "ESCALATED(API_ERROR)"));
  }

  private static List<Story> notAllowed() {
    return List.of(
        refused(
            "suspended",
            chat -> chat.register("'SuspendedState':{'DynamicScalingOutSuspended':true}"),
            "ESCALATED(SUSPENDED)"),
        refused("at the maximum", chat -> chat.bounds(1, 2), "ESCALATED(AT_MAX)"),
        refused("above the maximum", chat -> chat.counts(8), "ESCALATED(ABOVE_MAX)"),
        refused(
            "below the minimum",
            chat -> {
              chat.rig.world.add(new Fault(CallFault.INTERNAL, QueuedEndpoint.RESCALE, "chat"));
              chat.bounds(4, 6);
            },
            "ESCALATED(BELOW_MIN)"),
        refused(
            "the quota is used up",
            chat -> {
              chat.rig.world.add(
                  new Fault(CallFault.LIMIT_EXCEEDED, QueuedEndpoint.RESCALE, "chat").times(1));
              chat.bounds(3, 6);
            },
            "ESCALATED(QUOTA_EXCEEDED)"));
  }

  private static List<Story> failures() {
    return List.of(
        raised("no capacity", rescaling(Course.NO_CAPACITY), "FAILED(NO_CAPACITY)"),
        raised(
            "a part of the capacity",
            rescaling(Course.PARTIAL_CAPACITY),
            "FAILED(PARTIAL_CAPACITY)"),
        raised(
            "a quota that auto scaling meets",
            rescaling(CallFault.LIMIT_EXCEEDED),
            "FAILED(QUOTA_EXCEEDED)"),
        raised("an update that never ends", rescaling(Course.STUCK), "FAILED(STUCK_UPDATING)"),
        raised(
            "a raise that is refused",
            chat ->
                chat.rig.world.add(
                    new Fault(CallFault.ACCESS_DENIED, "RegisterScalableTarget", Fault.ANY)),
            "FAILED(ACCESS_DENIED)"),
        raised(
            "a minimum that cannot be lowered",
            chat -> chat.rig.time.after(HOLDING, () -> unheard(chat)),
            "FAILED(MIN_NOT_RESTORED)"));
  }

  private static List<Story> changes() {
    return List.of(
        raised(
            "another minimum while it holds",
            chat -> chat.rig.time.after(HOLDING, () -> chat.register("'MinCapacity':5")),
            "SUCCEEDED(SCALED_OUT)"),
        raised(
            "deleted while it holds",
            chat ->
                chat.rig.time.after(
                    HOLDING, () -> chat.rig.call("DeleteEndpoint", "{'EndpointName':'chat'}")),
            "FAILED(ENDPOINT_MISSING)"),
        raised(
            "deleted as the minimum is given back",
            chat -> {
              String scaleOut = "weir-act-scale-out";
              chat.rig.cable.before(
                  scaleOut,
                  "LowerMin",
                  () -> chat.rig.call("DeleteEndpoint", "{'EndpointName':'chat'}"));
              chat.rig.cable.fail(
                  scaleOut,
                  "LowerMin",
                  1,
                  "ApplicationAutoScaling.ValidationException",
                  "Resource not found: endpoint/chat/variant/AllTraffic");
            },
            "SUCCEEDED(SCALED_OUT)"),
        raised(
            "switched off while it holds",
            chat -> chat.rig.time.after(HOLDING, () -> chat.rig.mode("GLOBAL", "off")),
            "FAILED(SWITCHED_OFF)"),
        raised(
            "a lower maximum than was planned with",
            chat -> beforeAct(chat, () -> chat.register("'MaxCapacity':3")),
            "FAILED(TARGET_CHANGED)"),
        raised(
            "broken since it was planned",
            chat -> beforeAct(chat, () -> put("Failed").accept(chat)),
            "FAILED(ENDPOINT_FAILED)"),
        raised(
            "the lease goes",
            chat -> beforeAct(chat, () -> taken(chat)),
            "ABANDONED(LEASE_LOST (LEASE_LOST))"));
  }

  private static List<Story> unbounded() {
    return List.of(
        added("no scalable target", _ -> {}, "SUCCEEDED(SCALED_OUT)"),
        added("no target, no capacity", rescaling(Course.NO_CAPACITY), "FAILED(NO_CAPACITY)"),
        added(
            "no target, a part of the capacity",
            rescaling(Course.PARTIAL_CAPACITY),
            "FAILED(PARTIAL_CAPACITY)"),
        added(
            "no target, no quota", rescaling(CallFault.LIMIT_EXCEEDED), "FAILED(QUOTA_EXCEEDED)"));
  }

  private static QueuedEndpoint bounded(Rig rig) {
    return QueuedEndpoint.created(rig).bounds(2, 6);
  }

  private static void unread(QueuedEndpoint chat, String cause) {
    chat.rig.cable.fail(
        "weir-act-scale-out", "Look", Integer.MAX_VALUE, "SageMaker.SageMakerException", cause);
  }

  private static Story refused(String name, Consumer<QueuedEndpoint> given, String row) {
    return new Story(name, SOON, rig -> asked(bounded(rig), given), row);
  }

  private static Story raised(String name, Consumer<QueuedEndpoint> given, String row) {
    return new Story(name, LONG, rig -> asked(bounded(rig), given), "INTENT(RAISE_MIN)", row);
  }

  private static Story added(String name, Consumer<QueuedEndpoint> given, String row) {
    return new Story(
        name, LONG, rig -> asked(QueuedEndpoint.created(rig), given), "INTENT(ADD_INSTANCES)", row);
  }

  private static void asked(QueuedEndpoint chat, Consumer<QueuedEndpoint> given) {
    given.accept(chat);
    chat.ask();
  }

  private static Consumer<QueuedEndpoint> put(String status) {
    return chat -> chat.rig.put("chat", "{'EndpointStatus':'" + status + "'}");
  }

  private static Consumer<QueuedEndpoint> rescaling(FaultKind kind) {
    return chat -> chat.rig.world.add(new Fault(kind, QueuedEndpoint.RESCALE, "chat"));
  }

  /** For two hours, minimums are asked for in vain. */
  static void unheard(QueuedEndpoint chat) {
    chat.rig.world.add(
        new Fault(CallFault.LOST_REQUEST, "RegisterScalableTarget", Fault.ANY)
            .until(chat.rig.time.instant().plus(LONG)));
  }

  private static void beforeAct(QueuedEndpoint chat, Runnable then) {
    chat.rig.cable.before("weir-act-scale-out", "Beat", then);
  }

  private static void taken(QueuedEndpoint chat) {
    chat.rig.put(
        "LOCK",
        "endpoint/chat",
        Map.of("owner", Map.of("S", "another"), "fence", Map.of("N", "99")));
  }
}
