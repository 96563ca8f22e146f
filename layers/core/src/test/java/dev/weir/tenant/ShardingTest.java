package dev.weir.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.Network;
import dev.weir.store.TenantTable;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardingTest {

  private static final String TABLE = "tenants";
  private static final Limits LIMITS = requests(600);

  private final Deque<Boolean> replies = new ArrayDeque<>();
  private final InMemoryDynamo dynamo = new InMemoryDynamo(() -> Instant.EPOCH);
  private final TenantDirectory directory =
      TenantDirectory.of(
          dynamo.through(
              new Network() {
                @Override
                public boolean reply() {
                  return replies.isEmpty() || replies.remove();
                }
              }),
          TABLE,
          () -> Instant.EPOCH,
          new Random(1));

  ShardingTest() {
    directory.create("acme", LIMITS, EstimateMode.TOKENS);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 5, 1",
    "60, 60, 1",
    "120, 120, 2",
    "260, 870, 7",
    "520, 520, 9",
    "5000, 5000, 64"
  })
  void the_formula_says_how_many_shards_a_load_needs(double calls, long inFlight, int shards) {
    assertThat(Sharding.advised(calls, inFlight)).isEqualTo(shards);
  }

  @Test
  void small_limits_are_not_cut_and_the_refusal_names_what_is_allowed() {
    assertThatThrownBy(() -> directory.changeShards("acme", 11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards must be 1 to 10 with these limits, not 11");
    assertThatThrownBy(() -> directory.changeShards("acme", 0))
        .hasMessageContaining("1 to 10 with these limits, not 0");
    assertThat(item(1)).isEmpty();
  }

  @Test
  void limits_are_those_of_the_tenant_however_many_shards_it_has() {
    directory.changeShards("acme", 4);

    assertThat(directory.tenant("acme").map(Tenant::limits)).contains(LIMITS);
    assertThat(directory.tenant("acme").map(Tenant::shards)).contains(4);
    assertThat(slices()).containsExactly(600L, 0L, 0L, 0L);
  }

  @Test
  void a_new_item_has_the_whole_configuration_and_nothing_that_is_the_first_ones_own() {
    directory.changeGuard("acme", "strict");
    directory.capture("acme", Optional.of(Instant.EPOCH.plusSeconds(60)));
    directory.issueKey("acme", Set.of(), Optional.empty());
    Item first = item(0).orElseThrow();
    directory.changeShards("acme", 2);

    Item second = item(1).orElseThrow();
    assertThat(second.attributes())
        .containsAllEntriesOf(
            first.attributes().entrySet().stream()
                .filter(entry -> Set.of("st", "em", "gu", "cp", "ks").contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    assertThat(second.text("g")).isNotEqualTo(first.text("g"));
    assertThat(second.number("v")).isEqualTo(1);
  }

  @Test
  void every_change_of_the_configuration_is_on_every_item() {
    directory.changeShards("acme", 4);
    String key =
        directory.issueKey("acme", Set.of("small"), Optional.empty()).orElseThrow().keyId();
    directory.changeGuard("acme", "strict");
    directory.capture("acme", Optional.of(Instant.EPOCH.plusSeconds(60)));
    directory.suspend("acme");
    directory.changeShards("acme", 2);
    directory.rotateKey("acme", key, Optional.empty());

    List<Tenant> seen =
        IntStream.range(0, 4)
            .mapToObj(index -> Tenant.of("acme", item(index).orElseThrow()))
            .toList();
    assertThat(seen).allMatch(tenant -> tenant.status() == Tenant.Status.SUSPENDED);
    assertThat(seen).allMatch(tenant -> tenant.guard().equals(Optional.of("strict")));
    assertThat(seen).allMatch(tenant -> tenant.isCaptured(Instant.EPOCH));
    assertThat(seen).extracting(Tenant::keys).containsOnly(seen.getFirst().keys());
    assertThat(seen).extracting(Tenant::shards).containsOnly(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void a_change_whose_process_dies_is_on_every_item_or_on_none(int heard) {
    directory.changeShards("acme", 4);
    IntStream.range(0, heard).forEach(reply -> replies.add(true));
    IntStream.range(0, 20).forEach(reply -> replies.add(false));
    try {
      directory.suspend("acme");
    } catch (RuntimeException died) {
      assertThat(died).hasMessageContaining("no reply");
    }
    replies.clear();

    assertThat(
            IntStream.range(0, 4)
                .mapToObj(index -> Tenant.of("acme", item(index).orElseThrow()).status())
                .distinct())
        .hasSize(1);
    assertThat(directory.suspend("acme")).isTrue();
  }

  @Test
  void of_a_raised_limit_every_slice_gets_a_part_and_a_lowered_one_is_to_be_cut_anew() {
    directory.changeShards("acme", 4);
    directory.changeLimits("acme", requests(1_000));
    assertThat(slices()).containsExactly(700L, 100L, 100L, 100L);

    directory.changeLimits("acme", requests(100));
    assertThat(slices()).containsExactly(0L, 0L, 0L, 0L);

    directory.changeLimits("acme", Limits.NONE);
    assertThat(directory.tenant("acme").map(Tenant::limits)).contains(Limits.NONE);
    directory.changeLimits("acme", requests(100));
    assertThat(slices()).containsExactly(0L, 0L, 0L, 0L);
  }

  @Test
  void an_item_that_no_longer_takes_part_keeps_nothing_to_admit() {
    directory.changeShards("acme", 4);
    directory.changeLimits("acme", requests(1_000));
    directory.changeShards("acme", 2);
    directory.changeLimits("acme", requests(2_000));

    assertThat(slices()).containsExactly(1_200L, 600L, 0L, 0L);
  }

  @Test
  void a_tenant_that_does_not_exist_gets_no_shards() {
    assertThat(directory.changeShards("nobody", 2)).isFalse();
  }

  private Optional<Item> item(int index) {
    return new TenantTable(dynamo, TABLE).tenant("acme" + (index == 0 ? "" : "#" + index)).item();
  }

  private List<Long> slices() {
    return IntStream.range(0, 4).mapToObj(index -> item(index).orElseThrow().number("lr")).toList();
  }

  private static Limits requests(long limit) {
    OptionalLong none = OptionalLong.empty();
    return new Limits(OptionalLong.of(limit), none, none, none, none, none);
  }
}
