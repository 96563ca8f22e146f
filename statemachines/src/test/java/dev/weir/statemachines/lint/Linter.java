package dev.weir.statemachines.lint;

import dev.weir.states.definition.Definition;
import dev.weir.states.definition.InvalidDefinitionException;
import java.util.List;
import java.util.regex.Pattern;

/** Checks one machine against every rule. */
final class Linter {
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

  /** What SAM puts in for it is a name or a number; a digit is both. */
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[A-Za-z0-9]+}");

  private Linter() {}

  /** The names of the rules. */
  static List<String> rules() {
    return RULES.stream().map(rule -> rule.getClass().getSimpleName()).toList();
  }

  /**
   * What is wrong with a machine; if the runner refuses it, why, and nothing else.
   *
   * @param definition in the Amazon States Language, with or without SAM's substitutions
   */
  static List<Finding> lint(String definition) {
    Machine machine;
    try {
      machine = new Machine(Definition.read(SUBSTITUTION.matcher(definition).replaceAll("1")));
    } catch (InvalidDefinitionException e) {
      return e.refusals().stream()
          .map(refusal -> new Finding(refusal.location(), "Readable", refusal.message()))
          .toList();
    }
    return RULES.stream().flatMap(rule -> rule.check(machine)).distinct().toList();
  }
}
