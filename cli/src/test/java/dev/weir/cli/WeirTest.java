package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.killswitch.Target;
import dev.weir.ledger.Cost;
import dev.weir.ledger.GuardMark;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.LedgerTable;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.KeyOwner;
import dev.weir.tenant.Limits;
import dev.weir.tenant.SessionRule;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class WeirTest {

  private static final String CATALOG = "../layers/catalog/catalog";

  private final InMemoryDynamo dynamo = new InMemoryDynamo(Clock.systemUTC());
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, "tenants", Clock.systemUTC(), new SecureRandom());
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--table", "tenants"));
    if (!all.contains("--ledger")) {
      all.addAll(List.of("--ledger", "ledger"));
    }
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line =
        Weir.commandLine(
            () -> dynamo,
            url -> {
              throw new AssertionError("no routes here");
            },
            () -> {
              throw new AssertionError("no machines here");
            },
            Clock.systemUTC(),
            new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private static String target(String model) {
    return model.contains(".") ? model : "vendor." + model;
  }

  private void booked(String requestId, String model, String day, long picoUsd) {
    new LedgerTable(dynamo, "ledger", Duration.ofDays(1))
        .write(
            new LedgerRow(
                "acme",
                "k1",
                requestId,
                Optional.empty(),
                model,
                target(model),
                false,
                "complete",
                Optional.of("stop"),
                new Usage(20, 7, 5, 2, 1),
                new Usage(20, 7, 5, 2, 1),
                false,
                new Cost(picoUsd),
                "p",
                "2026-11-01",
                List.of(
                    new LedgerRow.Hop(
                        target(model), "complete", 5, new Cost(picoUsd), Usage.of(20, 7))),
                Instant.parse(day + "T10:00:00Z").toEpochMilli(),
                5,
                new GuardMark("none@1", "allowed", 0, Cost.ZERO),
                Optional.empty(),
                new Savings(3, -1),
                Optional.empty()));
  }

  @Test
  void usage_is_added_up_by_what_is_asked_for() {
    booked("r1", "nova-lite", "2026-11-01", 34_000_000);
    booked("r2", "nova-lite", "2026-11-02", 1);
    booked("r3", "nova-pro", "2026-11-30", 100_000_000);
    booked("r4", "nova-pro", "2026-12-01", 100_000_000);

    assertThat(weir("usage", "acme", "--ledger", "ledger", "--to", "2026-11-30", "--format", "csv"))
        .isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "model,calls,input,output,cache-read,cache-write,estimated,USD,cache-saved-USD,cascade-saved-USD~",
            "nova-lite,2,40,14,10,6,0,0.000034000001,0.000000000006,-0.000000000002",
            "nova-pro,1,20,7,5,3,0,0.000100000000,0.000000000003,-0.000000000001");
    weir(
        "usage",
        "acme",
        "--ledger",
        "ledger",
        "--from",
        "2026-11-30",
        "--to",
        "2026-12-01",
        "--by",
        "day");
    assertThat(out.toString().lines().skip(1).map(line -> line.split(" +")[0]))
        .containsExactly("2026-11-30", "2026-12-01", "total");
    assertThat(out.toString()).contains("0.000200000000");
  }

  @Test
  void capacity_shows_each_targets_minutes_against_its_quota_and_weighs_units(@TempDir Path folder)
      throws IOException {
    String quotas =
        """
        ],"capacity":[{"target":"amazon.nova-lite-v1:0","requestsPerMinute":200,
          "tokensPerMinute":1000,"outputBurndown":5,"modelUnit":{"inputTokensPerMinute":100,
          "outputTokensPerMinute":100,"microUsdPerHour":1000000}}]}
        """;
    for (String file : List.of("prices.json", "guards.json", "endpoints.json")) {
      Files.copy(Path.of(CATALOG, file), folder.resolve(file));
    }
    String models = Files.readString(Path.of(CATALOG, "models.json"));
    Files.writeString(
        folder.resolve("models.json"), models.substring(0, models.lastIndexOf(']')) + quotas);
    directory.create("acme", Limits.NONE, EstimateMode.TOKENS);
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    booked("r1", "amazon.nova-lite-v1:0", today, 1_000);
    booked("r2", "amazon.nova-lite-v1:0", today, 1_000);
    booked("r3", "other", today, 1_000);

    assertThat(weir("capacity", "--ledger", "ledger", "--catalog", folder.toString())).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ").strip()).toList())
        .startsWith(
            "target per minute peak p95 quota peak% p95%",
            "amazon.nova-lite-v1:0 requests 2 2 200 1.0 1.0",
            "amazon.nova-lite-v1:0 tokens 116 116 1000 11.6 11.6",
            "vendor.other requests 1 1 - - -",
            "vendor.other tokens 35 35 - - -")
        .last()
        .asString()
        .startsWith(
            "amazon.nova-lite-v1:0: at this load 1 model unit costs 730.00 USD a month against 0.00"
                + " on demand; no break-even, for a unit does 125 tokens a minute at most")
        .endsWith("the peak takes 1 for 730.00: stay on demand");
  }

  @Test
  void what_is_turned_off_is_listed_until_it_is_on() {
    assertThat(weir("switch", "off", "model:small", "--why", "a leak", "--operator", "ann"))
        .isZero();
    weir("switch", "list");
    assertThat(out.toString()).contains("model:small off since ", " by ann: a leak");
    assertThat(weir("switch", "on", "model:small")).isZero();
    weir("switch", "list");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_switch_that_is_none_is_refused_with_those_there_are() {
    assertThat(weir("switch", "off", "modle:small", "--why", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("tenant:, key:, model:, door:, tool:");
  }

  @Test
  void a_switch_is_audited_and_its_chain_verified_shown_and_guarded_by_a_witness() {
    assertThat(
            weir(
                "switch",
                "off",
                "model:small",
                "--why",
                "a leak",
                "--operator",
                "ann",
                "--ledger",
                "au"))
        .isZero();
    assertThat(weir("switch", "on", "model:small", "--operator", "bob", "--ledger", "au")).isZero();

    assertThat(run("audit", "verify", "@admin", "--ledger", "au")).isZero();
    assertThat(out.toString()).contains("2 entries in 2 segments, 0 of them open");
    String witness = out.toString().lines().skip(1).findFirst().orElseThrow().split(" ")[1];
    assertThat(run("audit", "verify", "@admin", "--ledger", "au", "--witness", witness)).isZero();
    assertThat(run("audit", "verify", "@admin", "--ledger", "au", "--witness", "1" + witness))
        .isOne();
    assertThat(run("audit", "verify", "@admin", "--ledger", "au", "--witness", "x")).isEqualTo(2);

    Item entry =
        new Item(
            dynamo.keys("au").stream()
                .filter(key -> key.get(1).startsWith("@admin#"))
                .map(key -> dynamo.item("au", key.get(1), key.get(2)))
                .filter(item -> new Item(item).text("body").contains("switch.off"))
                .findFirst()
                .orElseThrow());
    String trace = entry.text("body").split("\"")[3];
    assertThat(run("audit", "show", "@admin", trace, "--ledger", "au")).isZero();
    assertThat(out.toString())
        .contains("who          ann", "action       switch.off", "why          a leak");
    assertThat(run("audit", "show", "@admin", "req_none", "--ledger", "au")).isOne();

    dynamo.putItem(put ->
        put.tableName("au")
            .item(entry.with("body", entry.text("body").replace("ann", "eve")).attributes()));
    assertThat(run("audit", "verify", "@admin", "--ledger", "au")).isOne();
    assertThat(err.toString()).contains("weir: edited: entry 0 of E#@admin#");
  }

  @Test
  void a_change_that_could_not_be_audited_is_refused_unless_audit_is_off() {
    assertThat(run("tenant", "create", "quiet", "--table", "tenants")).isEqualTo(2);
    assertThat(err.toString()).contains("--ledger is needed", "$LEDGER_TABLE", "--audit off");
    assertThat(run("tenant", "show", "quiet", "--table", "tenants")).isOne();

    assertThat(run("tenant", "create", "quiet", "--table", "tenants", "--audit", "off")).isZero();
    assertThat(run("tenant", "show", "quiet", "--table", "tenants")).isZero();
  }

  @Test
  void only_days_within_the_span_are_verified_and_nothing_is_sealed_that_is_not_abandoned() {
    weir("switch", "off", "model:small", "--why", "a leak", "--ledger", "au");

    run("audit", "verify", "@admin", "--ledger", "au", "--to", "2020-01-01");
    assertThat(out.toString()).contains("0 entries in 0 segments");
    run("audit", "verify", "@admin", "--ledger", "au", "--from", "2020-01-01");
    assertThat(out.toString()).contains("1 entries in 1 segments");
    assertThat(run("audit", "seal", "@admin", "--ledger", "au")).isZero();
    assertThat(out.toString()).contains("sealed 0 segments");
  }

  @Test
  void capture_is_begun_for_days_and_ended() {
    weir("tenant", "create", "acme");
    assertThat(weir("tenant", "capture", "acme", "on", "--days", "2")).isZero();
    assertThat(out).hasToString("captured for 2 days, if the stack has PayloadCapture=on\n");
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("captured     until ");
    assertThat(weir("tenant", "capture", "acme", "off")).isZero();
    weir("tenant", "show", "acme");
    assertThat(out.toString()).doesNotContain("captured");
    assertThat(weir("tenant", "capture", "acme", "on", "--days", "0")).isEqualTo(2);
    assertThat(weir("tenant", "capture", "nobody", "on")).isOne();
  }

  @Test
  void a_catalog_that_is_not_there_is_named_with_what_names_it(@TempDir Path folder) {
    assertThat(weir("routes", "--catalog", folder.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("no models.json in " + folder, "--catalog", "$WEIR_CATALOG");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "on"})
  void the_help_of_switches_names_every_door(String command) {
    assertThat(run("switch", command, "--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("DOOR is one of " + String.join(", ", Target.DOORS) + ".");
  }

  @Test
  void a_span_that_is_none_is_refused() {
    assertThat(weir("usage", "acme", "--ledger", "l", "--from", "2026-11-02", "--to", "2026-11-01"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("Invalid 'from'. Expected a day 0 to 400 days before 'to'");
  }

  @Test
  void a_tenant_is_sharded_and_shows_its_whole_limits() {
    weir("tenant", "create", "acme", "--rpm", "600", "--shards", "2");
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("shards       2").contains("600 per minute");

    assertThat(weir("tenant", "shards", "acme", "4")).isZero();
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("shards       4").contains("600 per minute");
    assertThat(weir("tenant", "shards", "nobody", "4")).isEqualTo(1);
  }

  @Test
  void more_shards_than_the_limits_allow_are_refused_with_how_many_they_do() {
    assertThat(weir("tenant", "create", "acme", "--rpm", "600", "--shards", "11")).isEqualTo(2);
    assertThat(err.toString()).contains("Expected 1 to 10 with these limits");
    weir("tenant", "create", "acme", "--rpm", "600");
    assertThat(weir("tenant", "shards", "acme", "11")).isEqualTo(2);
    assertThat(err.toString()).contains("Expected 1 to 10 with these limits");
  }

  @Test
  void a_tenant_is_created_limited_and_shown() {
    assertThat(weir("tenant", "create", "acme", "--rpm", "60", "--day", "5000000")).isZero();
    assertThat(weir("tenant", "show", "acme")).isZero();

    assertThat(out.toString())
        .contains("acme, active")
        .contains("60 per minute")
        .contains("0 of 5000000 micro-USD")
        .contains("0 of unlimited");
  }

  @Test
  void a_key_is_printed_once_and_finds_its_tenant() {
    weir("tenant", "create", "acme");
    assertThat(weir("key", "issue", "acme", "--model", "nova-lite", "--catalog", CATALOG)).isZero();

    String[] printed = out.toString().strip().split(" ", -1);
    assertThat(directory.owner(ApiKey.parse(printed[1]).orElseThrow()))
        .contains(new KeyOwner("acme", printed[0]));
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("[nova-lite]").doesNotContain(printed[1]);
  }

  @Test
  void a_model_the_catalog_does_not_have_is_refused_with_those_it_has() {
    weir("tenant", "create", "acme");

    assertThat(weir("key", "issue", "acme", "--model", "nope", "--catalog", CATALOG)).isEqualTo(2);
    assertThat(err.toString()).contains("Invalid 'models'. Expected one of ", "nova-lite");
  }

  @Test
  void an_expiry_in_the_past_is_refused() {
    weir("tenant", "create", "acme");

    assertThat(weir("key", "issue", "acme", "--catalog", CATALOG, "--expires-in", "PT-5S"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("Expected an ISO 8601 duration above zero");
  }

  @Test
  void a_tenants_id_cannot_hold_what_separates_keys() {
    for (String id : new String[] {"bad name", "a/b", "a#b", "", ".a", "x".repeat(65)}) {
      assertThat(weir("tenant", "create", id)).as(id).isEqualTo(2);
    }
    assertThat(err.toString()).contains("Invalid 'id'. Expected 1 to 64 letters");
  }

  @Test
  void a_revoked_key_is_gone() {
    weir("tenant", "create", "acme");
    weir("key", "issue", "acme", "--catalog", CATALOG);
    String[] printed = out.toString().strip().split(" ", -1);

    assertThat(weir("key", "revoke", "acme", printed[0])).isZero();
    assertThat(weir("key", "revoke", "acme", printed[0])).isEqualTo(1);
    assertThat(directory.owner(ApiKey.parse(printed[1]).orElseThrow())).isEmpty();
  }

  @Test
  void a_limit_that_is_none_is_refused_with_what_is_allowed() {
    assertThat(weir("tenant", "create", "acme", "--rpm", "0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Invalid 'limits.requestsPerMinute'. Expected an integer of at least 1");
    assertThat(directory.tenant("acme")).isEmpty();
  }

  @Test
  void an_unknown_tenant_and_a_second_creation_fail() {
    assertThat(weir("tenant", "suspend", "nobody")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no tenant nobody");
    weir("tenant", "create", "acme");
    assertThat(weir("tenant", "create", "acme")).isEqualTo(1);
  }

  private static final String GUARDS = "--catalog=" + CATALOG;

  @Test
  void a_tenant_gets_a_guard_set_at_its_creation_or_later() {
    assertThat(weir("tenant", "create", "acme", "--guard", "baseline", GUARDS)).isZero();
    assertThat(directory.tenant("acme").orElseThrow().guard()).contains("baseline");

    assertThat(weir("tenant", "guard", "acme", "strict", GUARDS)).isZero();
    assertThat(directory.tenant("acme").orElseThrow().guard()).contains("strict");
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("guard        strict");
  }

  @Test
  void what_a_tenant_says_is_kept_unless_it_is_turned_off() {
    weir("tenant", "create", "acme");
    assertThat(directory.tenant("acme").orElseThrow().sessions()).isEqualTo(SessionRule.STACK);

    assertThat(weir("tenant", "sessions", "acme", "off")).isZero();
    assertThat(directory.tenant("acme").orElseThrow().sessions().isAllowed()).isFalse();
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("sessions     off");
    assertThat(weir("tenant", "sessions", "acme", "on")).isZero();
    assertThat(directory.tenant("acme").orElseThrow().sessions()).isEqualTo(SessionRule.STACK);
    assertThat(weir("tenant", "sessions", "acme", "on", "--idle-hours", "24", "--days", "7"))
        .isZero();
    weir("tenant", "sessions", "acme", "on", "--days", "5");
    weir("tenant", "show", "acme");
    assertThat(out.toString())
        .contains("sessions     on, at most 24 h after the last turn, 5 days after the first");
    weir("tenant", "sessions", "acme", "on", "--days", "0", "--idle-hours", "0");
    assertThat(directory.tenant("acme").orElseThrow().sessions()).isEqualTo(SessionRule.STACK);
    assertThat(weir("tenant", "sessions", "acme", "on", "--days", "3651")).isEqualTo(2);
    assertThat(weir("tenant", "sessions", "nobody", "on")).isEqualTo(1);
    assertThat(weir("tenant", "sessions", "acme", "maybe")).isEqualTo(2);
  }

  @Test
  void an_unknown_guard_set_is_refused_with_the_allowed_ones() {
    assertThat(weir("tenant", "create", "acme", "--guard", "lax", GUARDS)).isEqualTo(2);
    assertThat(err.toString()).contains("Expected one of none, baseline, strict");
    assertThat(directory.tenant("acme")).isEmpty();

    weir("tenant", "create", "acme");
    assertThat(weir("tenant", "guard", "acme", "lax", GUARDS)).isEqualTo(2);
    assertThat(weir("tenant", "guard", "nobody", "strict", GUARDS)).isEqualTo(1);
    assertThat(directory.tenant("acme").orElseThrow().guard()).isEmpty();
  }
}
