package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Target;
import dev.weir.killswitch.Watch;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The switches that must stay on for one call at one of its targets: the call's own, and those of
 * the models whose own target it is.
 */
final class CallSwitches {

  private final KillSwitch killSwitch;
  private final Set<Target> own;

  /**
   * @param own what must stay on wherever the call goes
   */
  CallSwitches(KillSwitch killSwitch, Set<Target> own) {
    this.killSwitch = killSwitch;
    this.own = own;
  }

  /** Everything whose switch ends this call wherever it goes. */
  static Set<Target> of(Visit visit, ChatPlan plan) {
    Set<Target> targets = new HashSet<>(of(visit, plan.model().id()));
    for (ChatRequest.Tool tool : plan.request().tools()) {
      targets.add(new Target(Target.Kind.TOOL, tool.name()));
    }
    return targets;
  }

  /** Everything whose switch ends a call of this model that offers no tools. */
  static Set<Target> of(Visit visit, String model) {
    Set<Target> targets = new HashSet<>(ofDoor(visit, visit.door()));
    targets.add(new Target(Target.Kind.MODEL, model));
    return targets;
  }

  /** Everything whose switch ends what asks no model, behind this door's switch. */
  static Set<Target> ofDoor(Visit visit, String door) {
    return Set.of(
        new Target(Target.Kind.ALL, ""),
        new Target(Target.Kind.DOOR, door),
        new Target(Target.Kind.TENANT, visit.tenantId()),
        new Target(Target.Kind.KEY, visit.keyId()));
  }

  /** Whether the target must not be asked; also when nobody knows. */
  boolean isOff(dev.weir.route.Target target) {
    return !(killSwitch.check(of(target)) instanceof KillSwitch.Check.On);
  }

  /** Lets the target be asked until a switch ends it. */
  Ending watch(dev.weir.route.Target target, Supplier<Ending> ask) {
    return watch(killSwitch, of(target), ask);
  }

  /** Lets something be asked until one of these switches ends it. */
  static Ending watch(KillSwitch killSwitch, Set<Target> switches, Supplier<Ending> ask) {
    try (Watch watch = killSwitch.watch(switches)) {
      Ending ending = ask.get();
      return watch
          .off()
          .filter(_ -> ending instanceof Ending.Failed)
          .<Ending>map(
              off -> new Ending.Failed(Fault.of(Fault.Kind.SWITCHED_OFF, off.target().text())))
          .orElse(ending);
    }
  }

  private Set<Target> of(dev.weir.route.Target target) {
    return Stream.concat(
            own.stream(),
            target.models().stream().map(model -> new Target(Target.Kind.MODEL, model)))
        .collect(Collectors.toSet());
  }
}
