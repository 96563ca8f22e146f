package dev.weir.statemachines.lint;

import dev.weir.states.definition.Definition;
import dev.weir.states.definition.InvalidDefinitionException;
import java.util.List;

/** Checks one machine against every rule. */
public final class Linter {
  private static final List<Rule> RULES =
      List.of(
          new KnownActions(),
          new KnownArguments(),
          new RequiredArguments(),
          new PossibleErrors(),
          new KnownFunctions(),
          new ArgumentCounts(),
          new AssignedVariables(),
          new MachineTimeout(),
          new TaskTimeouts(),
          new JitteredRetries(),
          new CaughtMutations(),
          new BeatBeforeMutation(),
          new BoundedLoops(),
          new PassedTaskTokens(),
          new ReleasedLease(),
          new TrimmedLiterals());

  private Linter() {}

  /** The names of the rules. */
  static List<String> rules() {
    return RULES.stream().map(rule -> rule.getClass().getSimpleName()).toList();
  }

  /**
   * What is wrong with a machine; if the runner refuses it, why, and nothing else.
   *
   * @param definition in the Amazon States Language
   */
  public static List<Finding> lint(String definition) {
    Machine machine;
    try {
      machine = new Machine(Definition.read(definition));
    } catch (InvalidDefinitionException e) {
      return e.refusals().stream()
          .map(refusal -> new Finding(refusal.location(), "Readable", refusal.message()))
          .toList();
    }
    return RULES.stream().flatMap(rule -> rule.check(machine)).distinct().toList();
  }
}
