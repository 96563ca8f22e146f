package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.remedy.rule.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

  // Else its guard's lock and tags would be another target's.
  @Test
  void an_action_holds_the_lock_of_its_own_kind_whatever_kind_it_is_told() {
    assertThat(Machines.all())
        .filteredOn(machine -> machine.text().contains("'sk': {'S': $kind & '/' & $name}"))
        .extracting(Machines.Machine::name)
        .containsExactlyInAnyOrder("weir-guard", "weir-act-stop-job");
  }

  @Test
  void who_starts_an_action_by_hand_may_name_the_kinds_that_rules_name() throws IOException {
    Map<String, Set<String>> kinds = new TreeMap<>();
    Pattern target = Pattern.compile("'\\{\"action\":\"([a-z-]+)\",\"kind\":\"([a-z-]+)\"");
    target
        .matcher(Files.readString(Path.of("../template.yaml")))
        .results()
        .forEach(
            each -> kinds.computeIfAbsent(each.group(1), _ -> new TreeSet<>()).add(each.group(2)));
    assertThat(kinds).hasSizeGreaterThan(10);
    kinds.remove("budget-guard");
    assertThat(kinds)
        .allSatisfy((action, those) -> assertThat(Kinds.of(action)).as(action).isEqualTo(those));
  }
}
