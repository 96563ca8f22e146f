package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class MachinesTest {

  @TestFactory
  Stream<DynamicTest> each_definition_is_one_the_strict_runner_takes() {
    return Machines.all().stream()
        .map(machine ->
            DynamicTest.dynamicTest(
                machine.name(), () -> assertThat(machine.definition().edges()).isNotEmpty()));
  }

  @Test
  void who_tells_people_of_an_incident_writes_its_row_too() {
    assertThat(Machines.all())
        .filteredOn(machine ->
            machine.text().matches("(?s).*\"StateMachineArn\": \"arn:[^\"]*:weir-escalate\".*"))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            machine -> assertThat(machine.text()).as(machine.name()).contains("'INCIDENT#' &"));
  }
}
