package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.statemachines.lint.Linter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LintTest {

  @ParameterizedTest
  @MethodSource("machines")
  void a_machine_keeps_every_rule(Map.Entry<String, String> machine) {
    assertThat(Linter.lint(machine.getValue())).as(machine.getKey()).isEmpty();
  }

  static Set<Map.Entry<String, String>> machines() {
    return Machines.texts().entrySet();
  }
}
