package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.sagemaker.state.Ledger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold at the end of every story for what was changed in it. */
final class LedgerInvariants {
  private final Rig rig;

  LedgerInvariants(Rig rig) {
    this.rig = rig;
  }

  void hold() {
    onlyActsChange();
    whatIsParkedCanBeMadeAgain();
    noMinimumIsLeftRaised();
  }

  /** P3: nothing but acts changes anything; what plans, judges or looks only measures. */
  private void onlyActsChange() {
    Set<String> acts =
        rig.actions().stream()
            .filter(Invariants::acts)
            .map(Invariants::caller)
            .collect(Collectors.toSet());
    assertThat(rig.world.ledger())
        .as("P3")
        .allMatch(entry ->
            !entry.caller().startsWith("weir-")
                || acts.contains(entry.caller())
                || entry.operation().equals("PutMetricData"));
  }

  /** P6: what is parked is remembered until it has been created again. */
  private void whatIsParkedCanBeMadeAgain() {
    Set<String> parked = new HashSet<>();
    for (Ledger.Entry entry : rig.world.ledger()) {
      if (entry.isDone() && entry.caller().startsWith("weir-act-park-endpoint/")) {
        parked.add(entry.resource());
      } else if (entry.isDone() && entry.operation().equals("CreateEndpoint")) {
        parked.remove(entry.resource());
      }
    }
    List<String> kept =
        rig.items("PARKED").stream()
            .map(item -> item.at("/sk/S").asText().replaceFirst("endpoint/", ""))
            .toList();
    assertThat(kept).as("P6: parked").containsAll(parked);
  }

  /** P11: no minimum is higher than people made it, unless it is on record that it is owed. */
  private void noMinimumIsLeftRaised() {
    Map<String, Integer> meant = new HashMap<>();
    Map<String, Integer> last = new HashMap<>();
    for (Ledger.Entry entry : rig.world.ledger()) {
      if (entry.isDone() && entry.request().has("MinCapacity")) {
        String endpoint = entry.request().path("ResourceId").asText().split("/", -1)[1];
        int minimum = entry.request().path("MinCapacity").asInt();
        last.put(endpoint, minimum);
        if (!entry.caller().startsWith("weir-")) {
          meant.put(endpoint, minimum);
        }
      } else if (entry.isDone() && entry.operation().equals("DeleteEndpoint")) {
        last.remove(entry.resource());
      }
    }
    rig.items("LOCK").stream()
        .filter(lock -> lock.has("restore"))
        .forEach(lock -> last.remove(lock.at("/sk/S").asText().replaceFirst("endpoint/", "")));
    last.forEach((endpoint, minimum) ->
        assertThat(minimum)
            .as("P11: %s", endpoint)
            .isLessThanOrEqualTo(meant.getOrDefault(endpoint, minimum)));
  }
}
