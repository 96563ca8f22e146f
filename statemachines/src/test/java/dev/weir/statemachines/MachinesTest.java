package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.definition.Definition;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MachinesTest {

  @TestFactory
  Stream<DynamicTest> each_definition_is_one_the_strict_runner_takes() {
    return Machines.texts().entrySet().stream()
        .map(machine ->
            DynamicTest.dynamicTest(
                machine.getKey(),
                () -> assertThat(Definition.read(machine.getValue()).edges()).isNotEmpty()));
  }
}
