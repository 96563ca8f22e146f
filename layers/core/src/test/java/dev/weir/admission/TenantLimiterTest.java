package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Admission.Settlement;
import dev.weir.admission.Stage.Node;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.IssuedKey;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TenantLimiterTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Stage open = new Stage(Limits.NONE);

  @Test
  void a_cold_environment_reads_once_then_each_call_takes_one_trip() {
    Node node = open.node();

    assertThat(node.trips(() -> node.admitted(open.ask(10, 10)))).isEqualTo(2);
    assertThat(node.trips(() -> node.admitted(open.ask(10, 10)))).isEqualTo(1);
  }

  @Test
  void a_settlement_takes_one_trip_and_keeps_the_view_fresh() {
    Node node = open.node();
    Reservation reservation = node.admitted(open.ask(10, 10));

    assertThat(node.trips(() -> node.settle(reservation, 5, 5))).isEqualTo(1);
    assertThat(node.trips(() -> node.admitted(open.ask(10, 10)))).isEqualTo(1);
  }

  @Test
  void absent_limits_never_refuse() {
    Node node = open.node();
    for (int call = 0; call < 500; call++) {
      node.admitted(open.ask(1_000_000_000, 1_000_000_000));
    }

    assertThat(open.number("cr")).isEqualTo(500);
  }

  @Test
  void absent_limits_show_no_headroom() {
    Decision decision = open.node().reserve(open.ask(1, 1));

    assertThat(decision.headroom()).isEqualTo(Headroom.UNKNOWN);
  }

  @Test
  void the_request_after_the_limit_is_refused() {
    Stage stage = new Stage(Some.requests(2));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    node.admitted(stage.ask(1, 1));

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.REQUESTS);
  }

  @Test
  void requests_over_the_limit_are_refused_without_a_trip() {
    Stage stage = new Stage(Some.requests(1));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));

    assertThat(node.trips(() -> node.rejected(stage.ask(1, 1)))).isZero();
  }

  @Test
  void a_refusal_is_known_beforehand_while_it_is_certain() {
    Stage stage = new Stage(Some.requests(1));
    Node node = stage.node();
    assertThat(node.limiter().refusal(stage.hit())).isEmpty();
    node.admitted(stage.ask(1, 1));

    node.trips = 0;
    assertThat(node.limiter().refusal(stage.hit()))
        .hasValueSatisfying(refused -> assertThat(refused).isEqualTo(node.rejected(stage.hit())));
    assertThat(node.trips).isZero();
    stage.pass(Duration.ofMillis(1001));
    assertThat(node.limiter().refusal(stage.hit())).isEmpty();
    assertThat(node.trips).isZero();
  }

  @Test
  void what_more_than_the_rate_of_requests_refuses_is_never_known_beforehand() {
    Stage stage = new Stage(Some.requests(1));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    Ask unknownKey = new Ask(Stage.TENANT, "gone", "call", Stage.MODEL, 0, 0, Duration.ZERO);

    assertThat(node.limiter().refusal(unknownKey)).isEmpty();
    assertThat(node.rejected(unknownKey).dimension()).isEqualTo(Dimension.KEY);
  }

  @Test
  void a_raised_request_limit_is_seen_after_a_second_of_refusing_from_memory() {
    Stage stage = new Stage(Some.requests(1));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    node.rejected(stage.ask(1, 1));
    stage.directory.changeLimits(Stage.TENANT, Some.requests(2));
    stage.pass(Duration.ofMillis(1001));

    node.admitted(stage.ask(1, 1));
  }

  @Test
  void a_lowered_limit_acts_on_the_next_call_of_an_environment_that_has_not_seen_it() {
    Stage stage = new Stage(Some.requests(100));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.directory.changeLimits(Stage.TENANT, Some.requests(1));

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.REQUESTS);
  }

  @Test
  void the_wait_that_a_request_refusal_names_is_enough_for_the_slowest_clock() {
    Stage stage = new Stage(Some.WORST, Some.requests(3));
    Node fast = stage.node(Duration.ofSeconds(2));
    Node slow = stage.node(Duration.ofSeconds(-2));
    fast.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(7));
    slow.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(7));
    fast.admitted(stage.ask(1, 1));
    stage.pass(SECOND);
    Duration wait = fast.rejected(stage.ask(1, 1)).retryAfter().orElseThrow();
    stage.pass(wait);

    slow.admitted(stage.ask(1, 1));
  }

  @Test
  void the_wait_that_a_request_refusal_names_is_needed_by_the_clock_that_named_it() {
    Stage stage = new Stage(Some.requests(1));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    Duration wait = node.rejected(stage.ask(1, 1)).retryAfter().orElseThrow();
    stage.pass(wait.minus(stage.settings.clockError().multipliedBy(2)).minusMillis(1));

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.REQUESTS);
  }

  @Test
  void a_limit_of_no_requests_refuses_without_a_time() {
    Stage stage = new Stage(Some.requests(0));

    assertThat(stage.node().rejected(stage.ask(1, 1)).retryAfter()).isEmpty();
  }

  @Test
  void tokens_over_the_limit_are_refused_until_the_named_wait_is_over() {
    Stage stage = new Stage(Some.rates(100, 1000));
    Node node = stage.node();
    node.admitted(stage.ask(600, 1));
    stage.pass(Duration.ofSeconds(6));
    node.admitted(stage.ask(300, 1));
    Decision.Rejected rejected = node.rejected(stage.ask(500, 1));
    assertThat(rejected.dimension()).isEqualTo(Dimension.TOKENS);
    stage.pass(rejected.retryAfter().orElseThrow());

    node.admitted(stage.ask(500, 1));
  }

  @Test
  void tokens_given_back_may_be_reserved_again_at_once() {
    Stage stage = new Stage(Some.rates(100, 1000));
    Node node = stage.node();
    Reservation reservation = node.admitted(stage.ask(900, 1));
    node.settle(reservation, 100, 1);

    node.admitted(stage.ask(900, 1));
  }

  @Test
  void tokens_another_environment_gave_back_are_seen_in_one_trip() {
    Stage stage = new Stage(Some.rates(100, 1000));
    Node one = stage.node();
    Node other = stage.node();
    other.admitted(stage.ask(1, 1));
    Reservation reservation = one.admitted(stage.ask(900, 1));
    other.rejected(stage.ask(900, 1));
    one.settle(reservation, 100, 1);

    assertThat(other.trips(() -> other.admitted(stage.ask(800, 1)))).isEqualTo(1);
  }

  @Test
  void a_call_larger_than_the_token_limit_can_never_pass() {
    Stage stage = new Stage(Some.rates(100, 1000));

    Decision.Rejected rejected = stage.node().rejected(stage.ask(1001, 1));

    assertThat(rejected.dimension()).isEqualTo(Dimension.TOO_LARGE);
    assertThat(rejected.retryAfter()).isEmpty();
  }

  @Test
  void more_tokens_than_reserved_are_charged_to_the_window() {
    Stage stage = new Stage(Some.rates(100, 1000));
    Node node = stage.node();
    node.settle(node.admitted(stage.ask(500, 1)), 900, 1);

    assertThat(node.rejected(stage.ask(200, 1)).dimension()).isEqualTo(Dimension.TOKENS);
  }

  @Test
  void headroom_counts_down_and_tells_when_the_window_will_be_empty() {
    Stage stage = new Stage(Some.rates(10, 1000));
    Decision decision = stage.node().reserve(stage.ask(300, 1));

    Duration reset = Duration.ofMillis(5000 + 60_000 + 1500 + 500);
    assertThat(decision.headroom())
        .isEqualTo(
            new Headroom(
                Optional.of(new Headroom.Window(10, 9, reset)),
                Optional.of(new Headroom.Window(1000, 700, reset))));
  }

  @Test
  void a_call_over_the_concurrency_limit_is_refused_until_one_ends() {
    Stage stage = new Stage(Some.concurrency(2));
    Node node = stage.node();
    Reservation first = node.admitted(stage.ask(1, 1));
    node.admitted(stage.ask(1, 1));
    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.CONCURRENCY);
    node.settle(first, 1, 1);

    node.admitted(stage.ask(1, 1));
  }

  @Test
  void a_slot_that_another_environment_freed_is_seen_in_one_trip() {
    Stage stage = new Stage(Some.concurrency(1));
    Node one = stage.node();
    Node other = stage.node();
    Reservation held = one.admitted(stage.ask(1, 1));
    other.rejected(stage.ask(1, 1));
    one.settle(held, 1, 1);

    assertThat(other.trips(() -> other.admitted(stage.ask(1, 1)))).isEqualTo(1);
  }

  @Test
  void crashed_calls_free_their_slots_after_their_leases_and_stay_charged() {
    Stage stage = new Stage(Some.concurrency(3));
    Node node = stage.node();
    for (int call = 0; call < 3; call++) {
      node.admitted(stage.ask(10, 7));
    }
    stage.pass(Stage.LEASE.plus(Duration.ofSeconds(5)));

    assertThat(node.trips(() -> node.admitted(stage.ask(10, 7)))).isEqualTo(1);
    assertThat(stage.leases()).containsExactly("call3");
    assertThat(stage.number("bl")).isEqualTo(28);
  }

  @Test
  void a_lease_is_not_reclaimed_while_some_clock_may_hold_it_valid() {
    Stage stage = new Stage(Some.concurrency(1));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.pass(Stage.LEASE.plus(Duration.ofSeconds(2)));

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.CONCURRENCY);
  }

  @Test
  void a_reclaim_by_two_environments_at_once_frees_each_slot_once() {
    Stage stage = new Stage(Some.concurrency(1));
    Node one = stage.node();
    Node other = stage.node();
    one.admitted(stage.ask(1, 1));
    other.limiter().tenant(Stage.TENANT);
    stage.pass(Stage.LEASE.plus(Duration.ofSeconds(5)));
    one.admitted(stage.ask(1, 1));

    assertThat(other.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.CONCURRENCY);
  }

  @Test
  void a_cache_hit_counts_as_a_request_and_holds_nothing() {
    Stage stage = new Stage(Some.rates(2, 1000));
    Node node = stage.node();
    Reservation hit = node.admitted(stage.hit());
    node.admitted(stage.hit());

    assertThat(stage.leases()).isEmpty();
    assertThat(node.trips(() -> node.settle(hit, 0, 0))).isZero();
    assertThat(node.rejected(stage.hit()).dimension()).isEqualTo(Dimension.REQUESTS);
  }

  @Test
  void a_cache_hit_passes_full_concurrency_tokens_and_budgets() {
    Stage stage =
        new Stage(
            new Limits(
                OptionalLong.empty(),
                OptionalLong.of(10),
                OptionalLong.of(1),
                OptionalLong.of(5),
                OptionalLong.of(5),
                OptionalLong.of(5)));
    Node node = stage.node();
    node.admitted(stage.ask(10, 5));

    node.admitted(stage.hit());
  }

  @Test
  void budgets_refuse_by_their_own_names_and_without_a_time() {
    assertThat(refused(budgets(5, 100, 100))).isEqualTo(Dimension.DAY_BUDGET);
    assertThat(refused(budgets(100, 5, 100))).isEqualTo(Dimension.MONTH_BUDGET);
    assertThat(refused(budgets(100, 100, 5))).isEqualTo(Dimension.LIFETIME_BUDGET);
  }

  @Test
  void the_first_call_of_a_day_over_its_budget_is_refused() {
    Stage stage = new Stage(budgets(5, 5, 100));
    Node node = stage.node();
    node.admitted(stage.hit());

    assertThat(node.rejected(stage.ask(1, 6)).dimension()).isEqualTo(Dimension.MONTH_BUDGET);
    assertThat(stage.number("cr")).isEqualTo(1);
  }

  @Test
  void a_budget_may_be_spent_to_the_last_micro_dollar() {
    Stage stage = new Stage(budgets(5, 5, 5));

    stage.node().admitted(stage.ask(1, 5));
  }

  @Test
  void a_new_day_has_a_new_budget_and_old_days_are_forgotten_after_an_hour() {
    Stage stage = new Stage(budgets(5, 100, 100));
    Node node = stage.node();
    node.admitted(stage.ask(1, 5));
    stage.setTo("2027-03-15T00:30:00Z");
    node.admitted(stage.ask(1, 3));
    assertThat(stage.item()).containsKeys("d20270314", "d20270315");
    stage.setTo("2027-03-15T01:00:01Z");
    node.admitted(stage.ask(1, 2));

    assertThat(stage.item()).doesNotContainKey("d20270314").containsKey("d20270315");
    assertThat(stage.number("m202703")).isEqualTo(10);
  }

  @Test
  void a_settlement_after_midnight_goes_to_the_day_of_its_reservation() {
    Stage stage = new Stage(budgets(100, 100, 100));
    Node node = stage.node();
    stage.setTo("2027-03-31T23:59:59Z");
    Reservation reservation = node.admitted(stage.ask(1, 50));
    stage.setTo("2027-04-01T00:00:02Z");
    node.settle(reservation, 1, 20);

    assertThat(stage.number("d20270331")).isEqualTo(20);
    assertThat(stage.number("m202703")).isEqualTo(20);
    assertThat(stage.item()).doesNotContainKeys("d20270401", "m202704");
  }

  @Test
  void an_unknown_tenant_is_refused() {
    Ask ask = new Ask("nobody", open.key.keyId(), "c", Stage.MODEL, 1, 1, Stage.LEASE);

    assertThat(open.node().rejected(ask).dimension()).isEqualTo(Dimension.TENANT_STATUS);
  }

  @Test
  void a_suspension_acts_on_the_next_call_of_an_environment_that_has_not_seen_it() {
    Node node = open.node();
    node.admitted(open.ask(1, 1));
    open.directory.suspend(Stage.TENANT);

    assertThat(node.rejected(open.ask(1, 1)).dimension()).isEqualTo(Dimension.TENANT_STATUS);
  }

  @Test
  void the_end_of_a_suspension_acts_on_the_next_call() {
    Node node = open.node();
    open.directory.suspend(Stage.TENANT);
    node.rejected(open.ask(1, 1));
    open.directory.activate(Stage.TENANT);

    node.admitted(open.ask(1, 1));
  }

  @Test
  void a_revoked_key_is_refused_on_the_next_call_of_an_environment_that_has_not_seen_it() {
    Node node = open.node();
    node.admitted(open.ask(1, 1));
    open.directory.revokeKey(Stage.TENANT, open.key.keyId());

    assertThat(node.rejected(open.ask(1, 1)).dimension()).isEqualTo(Dimension.KEY);
  }

  @Test
  void a_new_key_works_at_once_in_an_environment_that_has_not_seen_it() {
    Node node = open.node();
    node.admitted(open.ask(1, 1));
    IssuedKey key = open.directory.issueKey(Stage.TENANT, Set.of(), Optional.empty()).orElseThrow();

    node.admitted(new Ask(Stage.TENANT, key.keyId(), "c", Stage.MODEL, 1, 1, Stage.LEASE));
  }

  @Test
  void a_key_is_refused_from_the_second_it_expires() {
    Node node = open.node();
    IssuedKey key =
        open.directory
            .issueKey(Stage.TENANT, Set.of(), Optional.of(open.instant().plusSeconds(10)))
            .orElseThrow();
    node.admitted(new Ask(Stage.TENANT, key.keyId(), "c", Stage.MODEL, 1, 1, Stage.LEASE));
    open.pass(Duration.ofSeconds(10));

    Ask late = new Ask(Stage.TENANT, key.keyId(), "d", Stage.MODEL, 1, 1, Stage.LEASE);
    assertThat(node.rejected(late).dimension()).isEqualTo(Dimension.KEY);
  }

  @Test
  void a_key_may_use_only_the_models_of_its_allow_list() {
    Node node = open.node();
    IssuedKey key =
        open.directory.issueKey(Stage.TENANT, Set.of("other"), Optional.empty()).orElseThrow();

    Ask denied = new Ask(Stage.TENANT, key.keyId(), "c", Stage.MODEL, 1, 1, Stage.LEASE);
    assertThat(node.rejected(denied).dimension()).isEqualTo(Dimension.MODEL);
    node.admitted(new Ask(Stage.TENANT, key.keyId(), "d", "other", 1, 1, Stage.LEASE));
    node.admitted(new Ask(Stage.TENANT, key.keyId(), "e", Ask.NO_MODEL, 0, 0, Duration.ZERO));
  }

  @Test
  void a_lost_response_is_admitted_once() {
    Node node = open.node();
    node.admitted(open.ask(10, 10));
    node.loseReplies(1);
    node.admitted(open.ask(10, 10));

    assertThat(open.number("cr")).isEqualTo(2);
    assertThat(open.number("ct")).isEqualTo(20);
    assertThat(open.number("bl")).isEqualTo(20);
  }

  @Test
  void what_was_reserved_unheard_is_refused_and_can_be_given_back() {
    Node node = open.node();
    node.admitted(open.ask(10, 10));
    node.loseReplies(2);
    Decision.Rejected refused = node.rejected(open.ask(10, 10));
    assertThat(refused.dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(open.number("bl")).isEqualTo(20);

    assertThat(node.settle(refused.doubtful().orElseThrow(), 0, 0)).isEqualTo(Settlement.SETTLED);
    assertThat(open.number("bl")).isEqualTo(10);
    assertThat(open.number("ct") - open.number("nt")).isEqualTo(10);
  }

  @Test
  void a_call_asked_again_later_is_still_the_one_admitted_then() {
    Node node = open.node();
    Ask ask = open.ask(10, 10);
    Reservation first = node.admitted(ask);
    open.pass(Duration.ofSeconds(12));

    assertThat(open.node().admitted(ask)).isEqualTo(first);
    assertThat(open.number("cr")).isEqualTo(1);
  }

  @Test
  void a_settlement_whose_response_is_lost_is_made_once() {
    Node node = open.node();
    Reservation reservation = node.admitted(open.ask(10, 10));
    node.loseReplies(1);

    assertThat(node.settle(reservation, 4, 4)).isEqualTo(Settlement.ALREADY_GONE);
    assertThat(open.number("bl")).isEqualTo(4);
    assertThat(open.number("nt")).isEqualTo(4);
  }

  @Test
  void a_second_settlement_changes_nothing() {
    Node node = open.node();
    Reservation reservation = node.admitted(open.ask(10, 10));
    node.settle(reservation, 4, 4);

    assertThat(node.settle(reservation, 9, 9)).isEqualTo(Settlement.ALREADY_GONE);
    assertThat(open.number("bl")).isEqualTo(4);
  }

  @Test
  void an_unreachable_store_refuses_and_raises_an_alarm() {
    Node node = open.node();
    node.requests.add(() -> false);
    node.requests.add(() -> false);

    assertThat(node.rejected(open.ask(1, 1)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
    assertThat(open.alarms).hasExactlyElementsOfTypes(LimiterAlarm.StoreFault.class);
  }

  @Test
  void a_settlement_that_cannot_be_written_says_so_and_leaves_the_reservation_charged() {
    Node node = open.node();
    Reservation reservation = node.admitted(open.ask(10, 10));
    node.requests.add(() -> false);
    node.requests.add(() -> false);

    assertThat(node.settle(reservation, 4, 4)).isEqualTo(Settlement.FAILED);
    assertThat(open.number("bl")).isEqualTo(10);
    assertThat(open.leases()).containsExactly(reservation.callId());
  }

  @Test
  void an_item_that_cannot_be_read_refuses() {
    open.dynamo.putItem(put ->
        put.tableName(Stage.TABLE).item(Map.of("pk", AttributeValue.fromS("T#" + Stage.TENANT))));

    assertThat(open.node().rejected(open.ask(1, 1)).dimension()).isEqualTo(Dimension.UNAVAILABLE);
  }

  @Test
  void a_view_of_an_item_that_was_made_anew_admits_nothing() {
    Stage stage = new Stage(Some.requests(5));
    Node node = stage.node();
    node.admitted(stage.ask(1, 1));
    stage.dynamo.deleteItem(delete ->
        delete.tableName(Stage.TABLE).key(Map.of("pk", AttributeValue.fromS("T#" + Stage.TENANT))));
    stage.directory.create(Stage.TENANT, Some.requests(5), EstimateMode.TOKENS);
    stage.directory.issueKey(Stage.TENANT, Set.of(), Optional.empty());

    assertThat(node.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.KEY);
    assertThat(stage.number("cr")).isZero();
  }

  @Test
  void a_settlement_of_another_generation_changes_nothing() {
    Node node = open.node();
    Reservation old = node.admitted(open.ask(10, 10));
    Reservation foreign =
        new Reservation(
            old.tenantId(),
            0,
            old.callId(),
            "other",
            old.slot(),
            old.dayWindow(),
            old.monthWindow(),
            old.tokens(),
            old.microUsd(),
            true);

    assertThat(node.settle(foreign, 1, 1)).isEqualTo(Settlement.ALREADY_GONE);
    assertThat(open.number("bl")).isEqualTo(10);
  }

  @Test
  void after_ten_idle_minutes_one_call_clears_all_old_names() {
    Stage stage = new Stage(Some.slots(Some.DEPLOYED, SECOND), Some.rates(10_000, 10_000_000));
    Node node = stage.node();
    for (int second = 0; second < 60; second++) {
      node.settle(node.admitted(stage.ask(100, 10)), 10, 1);
      stage.pass(SECOND);
    }
    assertThat(names(stage)).hasSize(180);
    stage.pass(Duration.ofMinutes(10));
    node.admitted(stage.ask(100, 10));

    assertThat(names(stage)).hasSize(2);
  }

  @Test
  void a_slow_clock_that_opens_an_old_slot_late_is_counted_by_all() {
    Stage stage = new Stage(Some.WORST, Some.requests(3));
    Node fast = stage.node(Duration.ofSeconds(2));
    Node slow = stage.node(Duration.ofSeconds(-2));
    stage.setTo("2027-03-14T12:00:03.500Z");
    fast.admitted(stage.ask(1, 1));
    slow.admitted(stage.ask(1, 1));
    slow.admitted(stage.ask(1, 1));
    stage.pass(Duration.ofSeconds(59));

    assertThat(fast.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.REQUESTS);
    assertThat(slow.rejected(stage.ask(1, 1)).dimension()).isEqualTo(Dimension.REQUESTS);
  }

  @Test
  void the_configuration_comes_from_the_view_when_there_is_one() {
    Node node = open.node();
    node.admitted(open.ask(1, 1));

    assertThat(
            node.trips(() ->
                assertThat(node.limiter().tenant(Stage.TENANT).map(Tenant::id))
                    .contains(Stage.TENANT)))
        .isZero();
  }

  private static Set<String> names(Stage stage) {
    return stage.item().keySet().stream()
        .filter(name -> name.matches("[rtf].{6,}"))
        .collect(Collectors.toSet());
  }

  private static Dimension refused(Limits limits) {
    Stage stage = new Stage(limits);
    Node node = stage.node();
    node.admitted(stage.ask(1, 4));
    Decision.Rejected rejected = node.rejected(stage.ask(1, 2));
    assertThat(rejected.retryAfter()).isEmpty();
    return rejected.dimension();
  }

  private static Limits budgets(long day, long month, long lifetime) {
    return new Limits(
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(day),
        OptionalLong.of(month),
        OptionalLong.of(lifetime));
  }
}
