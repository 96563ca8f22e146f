package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class MachinesTest {

  @TestFactory
  Stream<DynamicTest> each_definition_is_one_the_strict_runner_takes() {
    return Machines.all().stream()
        .map(machine ->
            DynamicTest.dynamicTest(
                machine.name(), () -> assertThat(machine.definition().edges()).isNotEmpty()));
  }
}
