package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.states.definition.Definition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A part of the machines without which a property no longer holds.
 *
 * @param parts texts of the machines, and what takes their place
 * @param weather what surely happens in its storms, for the part to matter
 */
record Control(
    String name, Property property, Map<String, String> parts, UnaryOperator<Storm> weather) {
  private static final Map<String, String> LEASE =
      Map.of(
          "(attribute_not_exists(#owner) OR #owner = :me)",
          "(attribute_not_exists(#owner) OR fence > :zero)");

  static List<Control> all() {
    return List.of(
        new Control(
            "the lease",
            Property.P1,
            LEASE,
            storm -> storm.surely(4, Misfortunes::alarmAgain).surely(6, Misfortunes::alarmAgain)),
        new Control(
            "the fence",
            Property.P1,
            Map.of(
                "#owner = :owner AND fence = :fence",
                "(#owner = :owner AND fence = :fence OR attribute_exists(pk))",
                "#owner = :me AND fence = :fence",
                "(#owner = :me AND fence = :fence OR attribute_exists(pk))"),
            Control::runsOn),
        new Control(
            "the cooldown",
            Property.P2,
            Map.of("#cooldown <= :now)", "#cooldown <= :now OR attribute_exists(#cooldown))"),
            storm -> storm),
        new Control(
            "the attempts",
            Property.P2,
            Map.of("$count($recent) >= $limits.attempts", "$count($recent) >= 1000"),
            Control::neverHelps),
        new Control(
            "the freeze",
            Property.P3,
            Map.of(
                "\"{% $gate.frozen %}\"",
                "\"{% false %}\"",
                "OR freezeUntil <= :now)",
                "OR freezeUntil <= :now OR attribute_exists(freezeUntil))"),
            storm -> storm.surely(1, Misfortunes::freeze).surely(2, Misfortunes::failing)),
        new Control(
            "the starts of an hour",
            Property.P3,
            Map.of("$count($gate.starts) >= $limits.perHour", "false"),
            storm -> limited(storm, "perHour")),
        new Control(
            "the places in flight",
            Property.P3,
            Map.of("$gate.running >= $limits.inFlight", "false"),
            storm -> limited(storm, "inFlight")),
        new Control(
            "the cleaner",
            Property.P4,
            Map.of("\"Items\": \"{% $locks %}\"", "\"Items\": \"{% [] %}\""),
            storm -> storm.surely(6, Misfortunes::stop).surely(9, Misfortunes::stop)),
        new Control(
            "telling",
            Property.P5,
            Map.of(
                "['ESCALATED', 'FAILED', 'ROLLED_BACK', 'ABANDONED'] %}\", \"Next\": \"Escalate\"",
                "[] %}\", \"Next\": \"Escalate\""),
            storm -> storm),
        new Control(
            "the approval",
            Property.P6,
            Map.of("$approvedBy = '' and ($mode = 'approve' or $plan.approval = true)", "false"),
            storm -> storm.surely(3, Misfortunes::broken).surely(8, Misfortunes::broken)),
        new Control(
            "the look at the models before a delete",
            Property.P6,
            Map.of(
                "[$distinct([$source.ProductionVariants.ModelName, $source.ShadowProductionVariants.ModelName])]",
                "[]"),
            storm ->
                storm
                    .surely(1, Misfortunes::forget)
                    .surely(2, Misfortunes::forget)
                    .surely(6, Misfortunes::broken)),
        new Control(
            "the maximum",
            Property.P7,
            Map.of("$min([$target.max, $serving.desired + 2])", "($serving.desired + 2)"),
            Control::asked),
        new Control(
            "the count of instances",
            Property.P7,
            Map.of(
                "$count($counts[current < desired]) = 0 and $sum($counts.current) >= ", "1000 >= "),
            Control::scarce),
        new Control(
            "the tags",
            Property.P8,
            Map.of(
                "\"Next\": \"ReadTags\" }], \"Default\": \"OtherName\"",
                "\"Next\": \"MayPlan\" }], \"Default\": \"OtherName\""),
            storm -> storm.surely(1, Misfortunes::spare).surely(2, Misfortunes::spare)),
        new Control("the lease, where all is told ten times", Property.P9, LEASE, storm -> storm),
        new Control(
            "the release of a killed guard's lock",
            Property.P9,
            Map.of("cleaned = :me REMOVE #owner, leaseUntil'", "cleaned = :me'"),
            storm -> storm),
        new Control(
            "the look at what is owed already",
            Property.P9,
            Map.of("\"{% $duty != {} %}\"", "\"{% false %}\""),
            storm -> storm),
        new Control(
            "the reconciler",
            Property.P10,
            Map.of(
                "\"Items\": \"{% $alarms %}\"", "\"Items\": \"{% [] %}\"",
                "\"Items\": \"{% $endpoints %}\"", "\"Items\": \"{% [] %}\""),
            storm -> storm),
        new Control(
            "giving the minimum back",
            Property.P11,
            Map.of(
                "\"{% $how = 'raise' and $not($returning) %}\"", "\"{% false %}\"",
                "$exists(restore.M) and", "false and"),
            storm -> storm.surely(1, Misfortunes::queue).surely(2, Misfortunes::queue)),
        new Control(
            "telling of what may not be given back",
            Property.P11,
            Map.of("$owed and $reason in ", "false and $reason in "),
            Control::sparedWhileOwed));
  }

  @Override
  public String toString() {
    return name;
  }

  /** Endpoints are short of instances, and nothing may be done about it. */
  private static Storm neverHelps(Storm storm) {
    for (String state : List.of("RaiseMin", "AddInstances")) {
      storm.rig.cable.fail(
          "weir-act-scale-out", state, Integer.MAX_VALUE, "Some.Error", "not authorized");
    }
    return storm.surely(41, Misfortunes::queue).surely(42, Misfortunes::queue);
  }

  /** Somebody asks for instances time and again. */
  private static Storm asked(Storm storm) {
    for (int minute = 1; minute < 10; minute++) {
      storm.surely(minute, Misfortunes::instances);
    }
    return storm;
  }

  /** What is updated gets fewer instances than it had. */
  private static Storm scarce(Storm storm) {
    storm.rig.world.add(
        new Fault(Course.PARTIAL_CAPACITY, "UpdateEndpoint", Fault.ANY).until(storm.calm));
    return storm.surely(1, Misfortunes::failing).surely(2, Misfortunes::failing);
  }

  /** A run is stopped while it holds, and what it was for may not be touched any more. */
  private static Storm sparedWhileOwed(Storm storm) {
    storm.rig.time.after(
        Duration.ofMinutes(14),
        () -> storm.endpoints.forEach(each -> Storm.attempt(() -> storm.spare(each))));
    return storm
        .surely(1, Misfortunes::queue)
        .surely(2, Misfortunes::queue)
        .surely(15, Misfortunes::stop);
  }

  /** One release may be made at most, and many are wanted. */
  private static Storm limited(Storm storm, String limit) {
    storm.surely(1, all -> all.limit("deploy-endpoint", limit, 1));
    for (int minute = 2; minute < 10; minute++) {
      storm.surely(minute, Misfortunes::deploy);
    }
    return storm;
  }

  /** Leases end, what owned them is not stopped, and others want the same endpoints. */
  private static Storm runsOn(Storm storm) {
    storm.rig.cable.fail("weir-clean", "StopAct", Integer.MAX_VALUE, "Sfn.SfnException", "no");
    for (int minute = 3; minute < 30; minute += 3) {
      storm.surely(minute, Misfortunes::lapse).surely(minute + 1, Misfortunes::deploy);
    }
    return storm;
  }

  /** The machines without it. */
  List<Machines.Machine> machines() {
    return Machines.all().stream().map(this::without).toList();
  }

  private Machines.Machine without(Machines.Machine machine) {
    String text = machine.text();
    for (Map.Entry<String, String> part : parts.entrySet()) {
      text = text.replace(part.getKey(), part.getValue());
    }
    return text.equals(machine.text())
        ? machine
        : new Machines.Machine(machine.name(), text, Definition.read(text));
  }
}
