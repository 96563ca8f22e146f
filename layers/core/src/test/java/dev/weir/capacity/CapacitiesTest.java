package dev.weir.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.ledger.Usage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacitiesTest {

  private static Capacities read(String rows) throws JsonProcessingException {
    return Capacities.read(
        new ObjectMapper().readTree(rows.replace('\'', '"')), Set.of("vendor.m", "vendor.n"));
  }

  @Test
  void what_is_declared_of_a_target_is_known_and_nothing_else() throws Exception {
    Capacities capacities =
        read(
            """
            [{'target':'vendor.m','requestsPerMinute':10,'tokensPerMinute':200,'outputBurndown':5,
              'modelUnit':{'inputTokensPerMinute':1,'outputTokensPerMinute':2,'microUsdPerHour':3}}]
            """);

    assertThat(capacities.find("vendor.m"))
        .contains(
            new Capacity(
                "vendor.m",
                OptionalLong.of(10),
                Optional.of(new TokenQuota(200, 5)),
                Optional.of(new ModelUnit(1, 2, 3))));
    assertThat(capacities.find("vendor.n")).isEmpty();
  }

  @Test
  void what_is_not_declared_is_unknown() throws Exception {
    assertThat(read("[{'target':'vendor.m'}]").find("vendor.m"))
        .contains(
            new Capacity("vendor.m", OptionalLong.empty(), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[{'target':'vendor.x'}] | target of vendor.x must be a target of the catalog",
        "[{'target':'vendor.m'},{'target':'vendor.m'}] | target of vendor.m appears twice",
        "[{'target':'vendor.m','requestPerMinute':1}] | requestPerMinute of vendor.m is unknown",
        "[{'target':'vendor.m','requestsPerMinute':0}] | requestsPerMinute of vendor.m must be",
        "[{'target':'vendor.m','requestsPerMinute':1.5}] | requestsPerMinute of vendor.m must be",
        "[{'target':'vendor.m','tokensPerMinute':9}] | outputBurndown of vendor.m must be an integer",
        "[{'target':'vendor.m','outputBurndown':5}] | tokensPerMinute of vendor.m must be an integer",
        "[{'target':'vendor.m','tokensPerMinute':9,'outputBurndown':101}] | from 1 to 100",
        "[{'target':'vendor.m','modelUnit':{}}] | inputTokensPerMinute of vendor.m must be",
        "[{'target':'vendor.m','modelUnit':{'usd':1}}] | usd of vendor.m is unknown",
      })
  void what_is_wrong_is_refused_by_name(String rows, String message) {
    assertThatThrownBy(() -> read(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("models.json: capacity: ")
        .hasMessageContaining(message);
  }

  @Test
  void a_quota_counts_output_by_its_burndown_and_no_cache_reads() {
    assertThat(new TokenQuota(1, 5).taken(new Usage(100, 20, 1_000, 3, 4))).isEqualTo(207);
    assertThat(new TokenQuota(1, 1).taken(new Usage(100, 20, 1_000, 3, 4))).isEqualTo(127);
  }
}
