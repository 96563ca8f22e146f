package dev.weir.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.admin.AutomaticSwitch;
import dev.weir.admission.Ask;
import dev.weir.admission.BudgetMark;
import dev.weir.admission.Decision;
import dev.weir.admission.LimiterSettings;
import dev.weir.admission.TenantLimiter;
import dev.weir.audit.AuditLog;
import dev.weir.killswitch.Switches;
import dev.weir.ledger.Notice;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.NoticeTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.AtBudget;
import dev.weir.tenant.Configuration;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.SessionRule;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BudgetNoticesTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
  private static final LimiterSettings SETTINGS =
      LimiterSettings.of(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

  private final InMemoryDynamo dynamo = new InMemoryDynamo(CLOCK);
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, "tenants", CLOCK, new Random(1));
  private final NoticeTable notices = new NoticeTable(dynamo, "ledger");
  private final Switches switches = new Switches(new SwitchTable(dynamo, "tenants"));
  private final List<Notice> published = new ArrayList<>();
  private boolean isTopicDown;

  private String tenant(long day, AtBudget atBudget) {
    Limits limits =
        new Limits(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(day),
            OptionalLong.of(day * 10),
            OptionalLong.empty());
    directory.create(
        "acme",
        new Configuration(
            Tenant.Status.ACTIVE,
            EstimateMode.TOKENS,
            limits,
            Optional.empty(),
            atBudget,
            Optional.empty(),
            SessionRule.STACK));
    return directory.issueKey("acme", Set.of(), Optional.empty()).orElseThrow().keyId();
  }

  /** An environment of its own: another memory of what has been noted. */
  private TenantLimiter environment() {
    return new TenantLimiter(
        dynamo, "tenants", CLOCK, System::nanoTime, SETTINGS, alarm -> {}, this::noted);
  }

  private boolean noted(BudgetMark mark) {
    notices.write(
        new Notice(
            mark.tenantId(),
            mark.window().startsWith("d") ? "day" : "month",
            mark.window(),
            mark.percent(),
            mark.usedMicroUsd(),
            mark.limitMicroUsd(),
            mark.atMillis(),
            mark.switchesOff()));
    return true;
  }

  private static boolean call(TenantLimiter limiter, String key, String id, long microUsd) {
    Decision decision =
        limiter.reserve(new Ask("acme", key, id, "m", 1, microUsd, Duration.ofSeconds(30)));
    if (decision instanceof Decision.Admitted admitted) {
      limiter.settle(admitted.reservation(), 1, microUsd);
      return true;
    }
    return false;
  }

  private void deliver() {
    Log log = new Log(new PrintStream(OutputStream.nullOutputStream()), CLOCK, "Weir", Map.of());
    new NoticesHandler(
            notices,
            new AutomaticSwitch(switches, AuditLog.OFF, log, CLOCK),
            notice -> {
              if (isTopicDown) {
                throw new IllegalStateException("no topic");
              }
              published.add(notice);
            },
            log)
        .handleRequest(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            new OneSecond());
  }

  private List<String> ids() {
    return published.stream().map(Notice::id).sorted().toList();
  }

  @Test
  void two_hundred_calls_at_once_cross_each_mark_once() throws Exception {
    String key = tenant(1_000, AtBudget.NOTIFY);
    List<TenantLimiter> all = List.of(environment(), environment(), environment(), environment());
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        calls.add(threads.submit(() -> call(all.get(number % 4), key, "c" + number, 10)));
      }
      for (Future<Boolean> each : calls) {
        each.get(60, TimeUnit.SECONDS);
      }
    }

    deliver();
    deliver();

    assertThat(ids())
        .containsExactly("acme#d20261122#100", "acme#d20261122#50", "acme#d20261122#80");
    assertThat(directory.spend("acme").orElseThrow().dayMicroUsd()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void a_mark_seen_by_an_environment_that_died_is_noted_by_the_next() {
    String key = tenant(1_000, AtBudget.NOTIFY);
    TenantLimiter dying =
        new TenantLimiter(
            dynamo, "tenants", CLOCK, System::nanoTime, SETTINGS, alarm -> {}, mark -> false);
    call(dying, key, "c1", 600);
    deliver();
    assertThat(published).isEmpty();

    call(environment(), key, "c2", 1);
    deliver();

    assertThat(ids()).containsExactly("acme#d20261122#50");
  }

  @Test
  void nothing_is_noted_below_half_and_a_call_too_large_for_the_rest_says_nothing_early() {
    String key = tenant(1_000, AtBudget.NOTIFY);
    call(environment(), key, "c1", 499);
    assertThat(call(environment(), key, "c2", 600)).isFalse();

    deliver();
    assertThat(published).isEmpty();
  }

  @Test
  void a_refusal_when_nine_tenths_are_gone_means_used_up() {
    String key = tenant(1_000, AtBudget.NOTIFY);
    call(environment(), key, "c1", 950);
    assertThat(call(environment(), key, "c2", 100)).isFalse();

    deliver();
    assertThat(ids()).contains("acme#d20261122#100");
  }

  @Test
  void a_tenant_whose_policy_says_so_is_switched_off_at_the_end_of_its_budget_only() {
    String key = tenant(1_000, AtBudget.SWITCH_OFF);
    call(environment(), key, "c1", 800);
    deliver();
    assertThat(switches.off()).isEmpty();

    call(environment(), key, "c2", 200);
    deliver();

    assertThat(switches.off())
        .singleElement()
        .satisfies(off -> {
          assertThat(off.target().text()).isEqualTo("tenant:acme");
          assertThat(off.by()).isEqualTo("budget/acme");
        });
  }

  @Test
  void a_notice_that_could_not_be_delivered_waits() {
    String key = tenant(1_000, AtBudget.NOTIFY);
    call(environment(), key, "c1", 500);
    isTopicDown = true;
    assertThatThrownBy(this::deliver).hasMessage("no topic");
    isTopicDown = false;

    deliver();

    assertThat(ids()).containsExactly("acme#d20261122#50");
  }
}
