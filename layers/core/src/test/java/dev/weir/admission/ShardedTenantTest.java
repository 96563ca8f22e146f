package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Admission.Settlement;
import dev.weir.admission.Decision.Admitted;
import dev.weir.admission.Stage.Node;
import dev.weir.store.TenantItem;
import dev.weir.tenant.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One tenant on several items, one call after the other. */
class ShardedTenantTest {

  private static final int SHARDS = 4;
  private static final Limits WIDE = limits(600, 600_000, 100, 10_000_000, 10_000_000, 10_000_000);

  private final Stage stage = new Stage(WIDE);

  private void shard(int shards) {
    assertThat(stage.directory.changeShards(Stage.TENANT, shards)).isTrue();
  }

  @Test
  void a_tenant_that_never_had_shards_has_an_item_without_a_trace_of_them() {
    Node node = stage.node();
    node.admitted(stage.ask(10, 10));
    shard(1);
    node.admitted(stage.ask(10, 10));

    assertThat(stage.item()).doesNotContainKeys("sh", "shm", "tot", "mv");
    assertThat(items(stage)).hasSize(1);
  }

  @Test
  void a_refusal_is_never_known_without_asking() {
    shard(2);
    stage.directory.changeLimits(Stage.TENANT, Some.requests(2));
    Node node = stage.node();
    node.admitted(stage.hit());
    node.admitted(stage.hit());

    node.rejected(stage.hit());
    assertThat(node.limiter().refusal(stage.hit())).isEmpty();
  }

  @Test
  void calls_spread_over_all_items_and_take_one_trip_each_once_they_are_seen() {
    shard(SHARDS);
    Node node = stage.node();
    for (int call = 0; call < 40; call++) {
      node.admitted(stage.ask(10, 10));
    }

    assertThat(node.trips(() -> node.admitted(stage.ask(10, 10)))).isEqualTo(1);
    assertThat(items(stage)).hasSize(SHARDS).allMatch(item -> number(item, "cr") >= 4);
  }

  @Test
  void a_settlement_finds_the_item_that_admitted() {
    shard(SHARDS);
    Node node = stage.node();
    for (int call = 0; call < 8; call++) {
      Reservation reservation = node.admitted(stage.ask(100, 100));
      assertThat(
              node.trips(
                  () -> assertThat(node.settle(reservation, 40, 40)).isEqualTo(Settlement.SETTLED)))
          .isEqualTo(1);
    }

    assertThat(items(stage).stream().mapToLong(item -> number(item, "bl")).sum()).isEqualTo(320);
    assertThat(items(stage)).allMatch(item -> leases(item) == 0);
  }

  @Test
  void a_lost_reply_is_admitted_once() {
    shard(SHARDS);
    Node node = stage.node();
    node.admitted(stage.ask(10, 10));
    node.loseReplies(1);
    node.admitted(stage.ask(10, 10));

    assertThat(items(stage).stream().mapToLong(item -> number(item, "cr")).sum()).isEqualTo(2);
  }

  @Test
  void a_suspension_a_revocation_and_a_lowered_limit_act_on_the_next_call_on_every_item() {
    shard(SHARDS);
    Node node = stage.node();
    for (int call = 0; call < 40; call++) {
      node.admitted(stage.hit());
    }

    stage.directory.suspend(Stage.TENANT);
    assertRefused(node, Dimension.TENANT_STATUS);
    stage.directory.activate(Stage.TENANT);
    stage.directory.changeLimits(Stage.TENANT, limits(20, 1, 1, 1, 1, 1));
    assertRefused(node, Dimension.REQUESTS);
    stage.directory.changeLimits(Stage.TENANT, WIDE);
    stage.pass(Duration.ofSeconds(2));
    stage.directory.revokeKey(Stage.TENANT, stage.key.keyId());
    assertRefused(node, Dimension.KEY);
  }

  private void assertRefused(Node node, Dimension dimension) {
    for (int call = 0; call < 12; call++) {
      assertThat(node.rejected(stage.hit()).dimension()).isEqualTo(dimension);
    }
  }

  @Test
  void a_lowered_limit_counts_what_every_item_has_in_use() {
    shard(SHARDS);
    Node node = stage.node();
    for (int call = 0; call < 12; call++) {
      node.admitted(stage.hit());
    }
    stage.directory.changeLimits(Stage.TENANT, limits(14, 1, 1, 1, 1, 1));
    int admitted = 0;
    for (int call = 0; call < 40; call++) {
      stage.pass(Duration.ofMillis(500));
      admitted += node.reserve(stage.hit()) instanceof Admitted ? 1 : 0;
    }

    assertThat(admitted).isBetween(1, 2);
  }

  @Test
  void a_key_that_is_issued_later_works_on_every_item() {
    shard(SHARDS);
    String key =
        stage.directory.issueKey(Stage.TENANT, Set.of(), Optional.empty()).orElseThrow().keyId();
    Node node = stage.node();
    for (int call = 0; call < 12; call++) {
      Ask ask = stage.hit();
      assertThat(node.reserve(new Ask(ask.tenantId(), key, ask.callId(), "m", 0, 0, Duration.ZERO)))
          .isInstanceOf(Admitted.class);
    }
  }

  @Test
  void a_call_too_large_for_every_slice_finds_room_when_slices_are_cut_for_it() {
    shard(SHARDS);
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(5));

    node.admitted(stage.ask(500_000, 9_000_000));
  }

  @Test
  void a_call_over_the_whole_limit_is_too_large() {
    shard(SHARDS);

    assertThat(stage.node().rejected(stage.ask(600_001, 1)).dimension())
        .isEqualTo(Dimension.TOO_LARGE);
  }

  @Test
  void a_new_day_opens_the_whole_budget_to_a_tenant_that_is_back_on_one_item() {
    shard(SHARDS);
    Node node = stage.node();
    for (int call = 0; call < 9; call++) {
      node.admitted(stage.ask(1, 100_000));
    }
    shard(1);
    stage.setTo("2027-03-15T12:00:00Z");

    node.admitted(stage.ask(1, 9_100_000));
    assertThat(items(stage).stream().mapToLong(item -> number(item, "bl")).sum())
        .isEqualTo(10_000_000);
  }

  @Test
  void a_slow_clock_cannot_spend_yesterday_what_a_fast_one_lends_today() {
    Stage night =
        new Stage(Some.WORST, limits(600, 600_000, 100, 1_000_000, 100_000_000, 100_000_000));
    night.setTo("2027-03-14T23:59:50Z");
    night.directory.changeShards(Stage.TENANT, SHARDS);
    Node slow = night.node(Duration.ofSeconds(-2));
    Node fast = night.node(Duration.ofSeconds(2));
    slow.admitted(night.ask(1, 1_000_000));
    night.pass(Duration.ofSeconds(9));
    for (int call = 0; call < 12; call++) {
      fast.reserve(night.ask(1, 1_000));
    }
    for (int call = 0; call < 12; call++) {
      slow.reserve(night.ask(1, 100_000));
    }

    assertThat(items(night).stream().mapToLong(item -> number(item, "d20270314")).sum())
        .isEqualTo(1_000_000);
  }

  @Test
  void refusals_of_an_exhausted_tenant_take_a_bounded_number_of_trips() {
    shard(SHARDS);
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(5));
    node.admitted(stage.ask(1, 9_999_999));
    for (int call = 0; call < 20; call++) {
      stage.pass(Duration.ofMillis(700));
      assertThat(node.trips(() -> node.rejected(stage.ask(1, 1))))
          .isLessThanOrEqualTo(3 * 2 + SHARDS);
    }
  }

  @Test
  void headroom_is_the_whole_limit_and_what_the_items_seen_have_left() {
    shard(SHARDS);
    Node node = stage.node();
    Decision last = node.reserve(stage.ask(10, 10));
    for (int call = 1; call < 40; call++) {
      last = node.reserve(stage.ask(10, 10));
    }

    Headroom.Window requests = last.headroom().requests().orElseThrow();
    assertThat(requests.limit()).isEqualTo(600);
    assertThat(requests.remaining()).isBetween(550L, 560L);
  }

  @Test
  void a_cut_whose_reply_is_lost_leaves_the_slices_whole() {
    shard(SHARDS);
    Node node = stage.node();
    node.admitted(stage.hit());
    for (int lost = 0; lost < 12; lost++) {
      stage.pass(Duration.ofSeconds(30));
      int before = lost;
      for (int reply = 0; reply < before; reply++) {
        node.replies.add(() -> true);
      }
      node.loseReplies(2);
      node.reserve(stage.ask(400_000, 10));
      node.replies.clear();
    }

    assertThat(items(stage).stream().mapToLong(item -> number(item, "lt")).sum())
        .isLessThanOrEqualTo(600_000);
    assertThat(items(stage).stream().mapToLong(item -> number(item, "ll")).sum())
        .isEqualTo(10_000_000);
  }

  /** Random calls, settlements, clocks, numbers of shards, limits and midnights. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void all_items_together_never_hold_more_than_the_limits(long seed) {
    Random random = new Random(seed);
    Limits limits = limits(600, 60_000, 48, 1_500_000, 4_000_000, 20_000_000);
    Stage day = new Stage(Some.WORST, limits);
    day.setTo("2027-03-30T23:58:00Z");
    List<Node> nodes =
        List.of(day.node(Duration.ofSeconds(2)), day.node(Duration.ofSeconds(-2)), day.node());
    List<Reservation> open = new ArrayList<>();
    int admitted = 0;
    for (int step = 0; step < 1_000; step++) {
      Node node = nodes.get(random.nextInt(3));
      day.pass(Duration.ofMillis(random.nextInt(300) == 0 ? 36_000_000 : random.nextInt(400)));
      int dice = random.nextInt(100);
      if (dice < 3) {
        day.directory.changeShards(Stage.TENANT, 1 + random.nextInt(6));
      } else if (dice < 70) {
        Decision decision =
            node.reserve(day.ask(1 + random.nextInt(3_000), 1 + random.nextInt(40_000)));
        if (decision instanceof Admitted call) {
          open.add(call.reservation());
          admitted++;
        }
      } else if (!open.isEmpty()) {
        Reservation call = open.remove(random.nextInt(open.size()));
        node.settle(call, random.nextLong(call.tokens() + 1), random.nextLong(call.microUsd() + 1));
      }
      assertWithin(day, limits);
    }
    assertThat(admitted).isGreaterThan(100);
  }

  private static void assertWithin(Stage stage, Limits limits) {
    Map<String, Long> budgets = new TreeMap<>();
    Set<String> calls = new HashSet<>();
    for (Map<String, AttributeValue> item : items(stage)) {
      item.forEach((name, value) -> {
        if (name.matches("[dm]\\d+|bl")) {
          budgets.merge(name, Long.parseLong(value.n()), Long::sum);
        }
      });
      AttributeValue leases = item.get("res");
      calls.addAll(leases == null ? Set.of() : leases.m().keySet());
    }
    assertThat(calls).hasSizeLessThanOrEqualTo((int) limits.concurrency().orElseThrow());
    budgets.forEach((window, spent) ->
        assertThat(spent)
            .as(window)
            .isLessThanOrEqualTo(
                switch (window.charAt(0)) {
                  case 'd' -> limits.dayMicroUsd().orElseThrow();
                  case 'm' -> limits.monthMicroUsd().orElseThrow();
                  default -> limits.lifetimeMicroUsd().orElseThrow();
                }));
  }

  @Test
  void an_item_near_what_dynamodb_takes_says_how_many_shards_there_should_be() {
    Stage hot = new Stage(Limits.NONE);
    Node node = hot.node();
    for (int call = 0; call < 22_000; call++) {
      node.admitted(hot.hit());
      hot.pass(Duration.ofMillis(call % 4 == 0 ? 4 : 3));
    }

    assertThat(hot.alarms)
        .isNotEmpty()
        .allMatch(alarm -> alarm.equals(new LimiterAlarm.HotTenant(Stage.TENANT, 1, 2)));
    assertThat(hot.alarms.size()).isLessThan(22);
  }

  private static List<Map<String, AttributeValue>> items(Stage stage) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    Map<String, AttributeValue> item = stage.item();
    while (!item.isEmpty()) {
      items.add(item);
      item = stage.dynamo.item(Stage.TABLE, "T#" + TenantItem.id(Stage.TENANT, items.size()));
    }
    return items;
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? 0 : Long.parseLong(value.n());
  }

  private static int leases(Map<String, AttributeValue> item) {
    AttributeValue leases = item.get("res");
    return leases == null ? 0 : leases.m().size();
  }

  private static Limits limits(
      long requests, long tokens, long concurrency, long day, long month, long lifetime) {
    return new Limits(
        OptionalLong.of(requests),
        OptionalLong.of(tokens),
        OptionalLong.of(concurrency),
        OptionalLong.of(day),
        OptionalLong.of(month),
        OptionalLong.of(lifetime));
  }
}
