package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RollbackEndpointTest {

  @TestFactory
  Stream<DynamicTest> each_rollback_ends_as_it_should() {
    return Story.tests(RollbackEndpointStories.all());
  }

  @Test
  void what_was_rolled_back_from_is_not_good_any_more() {
    Rig rig = played("an alarm");
    assertThat(rig.good("chat")).containsExactly("chat-config");
    JsonNode route = rig.items("ROUTE").getFirst();
    assertThat(route.at("/config/S").asText()).isEqualTo("chat-config");
    assertThat(route.at("/promotedBy/S").asText()).isEqualTo("weir");
  }

  @Test
  void a_person_who_asks_for_it_has_promoted_what_is_gone_back_to() {
    JsonNode route = played("a person").items("ROUTE").getFirst();
    assertThat(route.at("/promotedBy/S").asText()).isEqualTo("operator");
  }

  @Test
  void a_clone_of_the_same_release_is_no_release_to_go_back_to() {
    Rig rig = played("after a restart");
    assertThat(rig.good("chat")).containsExactly("chat-config");
  }

  @Test
  void a_rollback_that_fails_is_critical_and_waits_longer() {
    Rig rig = played("rolled back itself");
    JsonNode lock = rig.items("LOCK").getFirst();
    JsonNode row = rig.items("INCIDENT#2026-03-02").getLast();
    assertThat(row.at("/severity/S").asText()).isEqualTo("CRITICAL");
    assertThat(lock.has("owner")).isFalse();
    assertThat(lock.at("/cooldown:rollback-endpoint/N").asLong())
        .isCloseTo(
            Instant.parse(row.at("/at/S").asText()).plusSeconds(3600).getEpochSecond(), within(5L));
  }

  private static Rig played(String name) {
    return Story.played(RollbackEndpointStories.all(), name);
  }
}
