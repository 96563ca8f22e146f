package dev.weir.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.audit.Verifier;
import dev.weir.killswitch.Switches;
import dev.weir.ledger.Cost;
import dev.weir.ledger.GuardMark;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.store.AuditTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.LedgerTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InstantSource CLOCK = () -> Instant.parse("2026-11-22T12:00:00Z");
  private static final Caller ANN = new Caller("arn:aws:iam::1:user/ann", "req_1");
  private static final Offer CATALOG = Offer.read(Path.of("../../layers/catalog/catalog"));

  private final InMemoryDynamo dynamo = new InMemoryDynamo(CLOCK);
  private final List<AuditEntry> audited = new ArrayList<>();
  private boolean isAuditDown;
  private Runnable beforeWrites = () -> {};
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, "tenants", CLOCK, new Random(1));
  private final LedgerTable ledger = new LedgerTable(dynamo, "ledger", Duration.ofDays(1));
  private AdminApi api = api(true);

  private AdminApi api(boolean captures) {
    return new AdminApi(
        new Rooms(
            TenantDirectory.of(dynamo, "tenants", CLOCK, new Random(2)),
            new Switches(new SwitchTable(dynamo, "tenants")),
            ledger,
            () -> CATALOG,
            captures,
            audit(),
            Optional.of(new Verifier(new AuditTable(dynamo, "au"), CLOCK)),
            Optional.empty(),
            new Log(new PrintStream(lines), CLOCK, "Weir", Map.of()),
            CLOCK));
  }

  private AuditLog audit() {
    return new AuditLog() {
      @Override
      public Recorded record(AuditEntry entry) {
        if (isAuditDown) {
          return new Recorded.Waiting();
        }
        audited.add(entry);
        beforeWrites.run();
        return new Recorded.Written("s", audited.size(), "h", false);
      }

      @Override
      public void refused(String chain, String code) {}

      @Override
      public void close() {}
    };
  }

  /** A reply with its body read. */
  private record Answer(int status, Map<String, String> headers, JsonNode body) {
    String code() {
      return body.at("/error/code").asText();
    }

    String message() {
      return body.at("/error/message").asText();
    }
  }

  private Answer ask(String method, String path, String body, Map<String, String> headers) {
    String[] parts = path.split("\\?", 2);
    Map<String, String> query = new HashMap<>();
    if (parts.length > 1) {
      for (String pair : parts[1].split("&")) {
        query.put(pair.split("=")[0], pair.split("=")[1]);
      }
    }
    AdminReply reply =
        api.serve(
            new AdminRequest(
                method, List.of(parts[0].split("/")), query, headers, body.getBytes(UTF_8)),
            ANN);
    try {
      return new Answer(reply.status(), reply.headers(), JSON.readTree(reply.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer ask(String method, String path, String body) {
    return ask(method, path, body, Map.of());
  }

  private Answer get(String path) {
    return ask("GET", path, "");
  }

  private void acme() {
    assertThat(ask("POST", "tenants", "{\"id\":\"acme\"}").status()).isEqualTo(201);
    audited.clear();
  }

  private List<String> actions() {
    return audited.stream().map(entry -> entry.action() + " " + entry.decision()).toList();
  }

  @Test
  void a_tenant_is_created_with_what_was_asked_and_shown_so() {
    Answer made =
        ask(
            "POST",
            "tenants",
            "{\"id\":\"acme\",\"limits\":{\"requestsPerMinute\":60,\"dayMicroUsd\":5},"
                + "\"estimate\":\"bytes\",\"guard\":\"strict\",\"atBudget\":\"switch_off\"}");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.headers()).containsEntry("etag", "\"1\"");
    Answer shown = get("tenants/acme");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body()).isEqualTo(made.body());
    assertThat(shown.body().at("/limits/requestsPerMinute").asLong()).isEqualTo(60);
    assertThat(shown.body().at("/limits/tokensPerMinute").isNull()).isTrue();
    assertThat(shown.body().path("guard").asText()).isEqualTo("strict");
    assertThat(shown.body().path("atBudget").asText()).isEqualTo("switch_off");
    assertThat(actions()).containsExactly("tenant.create changed");
    assertThat(audited.getFirst().who()).isEqualTo(ANN.principal());
    assertThat(audited.getFirst().facts().get("after")).contains("\"requestsPerMinute\":60");
  }

  @Test
  void a_second_creation_conflicts_and_changes_nothing() {
    acme();

    Answer again = ask("POST", "tenants", "{\"id\":\"acme\",\"limits\":{\"concurrency\":1}}");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("tenant_exists");
    assertThat(directory.tenant("acme").orElseThrow().limits().concurrency()).isEmpty();
    assertThat(audited).isEmpty();
  }

  @Test
  void tenants_are_listed_page_by_page_until_there_are_no_more() {
    for (int i = 0; i < 5; i++) {
      ask("POST", "tenants", "{\"id\":\"t%d\"}".formatted(i));
    }

    assertThat(get("tenants?limit=2").body().toString())
        .isEqualTo("{\"tenants\":[\"t0\",\"t1\"],\"next\":\"t1\"}");
    assertThat(get("tenants?limit=2&after=t1").body().toString())
        .isEqualTo("{\"tenants\":[\"t2\",\"t3\"],\"next\":\"t3\"}");
    assertThat(get("tenants?after=t3").body().toString())
        .isEqualTo("{\"tenants\":[\"t4\"],\"next\":null}");
  }

  @Test
  void a_change_changes_what_it_names_and_nothing_else() {
    ask(
        "POST",
        "tenants",
        "{\"id\":\"acme\",\"limits\":{\"requestsPerMinute\":60,\"concurrency\":4}}");

    Answer changed =
        ask("PATCH", "tenants/acme", "{\"limits\":{\"requestsPerMinute\":1,\"concurrency\":null}}");

    assertThat(changed.headers()).containsEntry("etag", "\"2\"");
    Tenant tenant = directory.tenant("acme").orElseThrow();
    assertThat(tenant.limits().requestsPerMinute()).isEqualTo(OptionalLong.of(1));
    assertThat(tenant.limits().concurrency()).isEmpty();
    assertThat(tenant.status()).isEqualTo(Tenant.Status.ACTIVE);
    AuditEntry entry = audited.getLast();
    assertThat(entry.facts().get("before")).contains("\"concurrency\":4");
    assertThat(entry.facts().get("after")).contains("\"concurrency\":null");
  }

  @Test
  void capture_is_begun_for_days_and_ended() {
    acme();

    ask("PATCH", "tenants/acme", "{\"captureDays\":2}");
    assertThat(get("tenants/acme").body().path("capturedUntil").asText())
        .isEqualTo("2026-11-24T12:00:00Z");
    ask("PATCH", "tenants/acme", "{\"captureDays\":0}");
    assertThat(get("tenants/acme").body().path("capturedUntil").isNull()).isTrue();
    assertThat(ask("PATCH", "tenants/acme", "{\"captureDays\":3651}").message())
        .contains("0 to 3650");
  }

  @Test
  void capture_is_refused_where_the_stack_keeps_nothing_captured() {
    acme();
    ask("PATCH", "tenants/acme", "{\"captureDays\":2}");
    api = api(false);

    assertThat(ask("PATCH", "tenants/acme", "{\"captureDays\":3}").message())
        .isEqualTo("Nothing is captured here: the stack has PayloadCapture=off.");
    assertThat(ask("POST", "tenants", "{\"id\":\"other\",\"captureDays\":3}").status())
        .isEqualTo(409);
    assertThat(ask("PATCH", "tenants/acme", "{\"captureDays\":0}").status()).isEqualTo(200);
    assertThat(get("tenants/acme").body().path("capturedUntil").isNull()).isTrue();
  }

  @Test
  void sessions_are_turned_off_and_on() {
    acme();

    ask("PATCH", "tenants/acme", "{\"sessions\":false}");
    assertThat(get("tenants/acme").body().path("sessions").asBoolean(true)).isFalse();
    ask("PATCH", "tenants/acme", "{\"guard\":\"none\"}");
    assertThat(get("tenants/acme").body().path("sessions").asBoolean(true)).isFalse();
    ask("PATCH", "tenants/acme", "{\"sessions\":true}");
    assertThat(get("tenants/acme").body().path("sessions").asBoolean(false)).isTrue();
  }

  @Test
  void how_long_sessions_are_kept_is_set_taken_away_and_bounded() {
    acme();

    ask("PATCH", "tenants/acme", "{\"sessionIdleHours\":24,\"sessionDays\":7}");
    ask("PATCH", "tenants/acme", "{\"sessions\":false}");
    assertThat(get("tenants/acme").body().path("sessionIdleHours").asInt()).isEqualTo(24);
    assertThat(get("tenants/acme").body().path("sessionDays").asInt()).isEqualTo(7);
    ask("PATCH", "tenants/acme", "{\"sessionIdleHours\":0}");
    assertThat(get("tenants/acme").body().path("sessionIdleHours").isNull()).isTrue();
    assertThat(get("tenants/acme").body().path("sessions").asBoolean(true)).isFalse();
    assertThat(ask("PATCH", "tenants/acme", "{\"sessionDays\":3651}").message())
        .contains("sessionDays", "0 to 3650");
  }

  @Test
  void a_chain_of_which_nothing_is_there_is_not_sound() {
    acme();

    Answer verified = get("tenants/acme/audit");

    assertThat(verified.status()).isEqualTo(200);
    assertThat(verified.body().path("entries").asLong()).isZero();
    assertThat(verified.body().path("flaw").path("kind").asText()).isEqualTo("missing");
    assertThat(verified.body().path("witness").asText()).startsWith("0:");
    assertThat(get("tenants/@admin/audit").status()).isEqualTo(200);
    assertThat(get("tenants/a b/audit").code()).isEqualTo("tenant_not_found");
  }

  @Test
  void a_change_that_changes_nothing_is_neither_written_nor_audited() {
    acme();

    assertThat(ask("PATCH", "tenants/acme", "{\"status\":\"active\"}").headers())
        .containsEntry("etag", "\"1\"");
    assertThat(audited).isEmpty();
  }

  @Test
  void a_change_meant_for_another_version_is_refused() {
    acme();
    ask("PATCH", "tenants/acme", "{\"estimate\":\"bytes\"}");
    audited.clear();

    Answer stale =
        ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}", Map.of("if-match", "\"1\""));

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.code()).isEqualTo("tenant_changed");
    assertThat(directory.tenant("acme").orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);
    assertThat(
            ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}", Map.of("if-match", "\"2\""))
                .status())
        .isEqualTo(200);
  }

  @Test
  void a_change_that_is_overtaken_is_made_on_top_of_the_other() {
    acme();
    beforeWrites =
        () -> {
          beforeWrites = () -> {};
          directory.changeGuard("acme", "strict");
        };

    assertThat(ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}").status()).isEqualTo(200);

    Tenant tenant = directory.tenant("acme").orElseThrow();
    assertThat(tenant.status()).isEqualTo(Tenant.Status.SUSPENDED);
    assertThat(tenant.guard()).contains("strict");
    assertThat(actions())
        .containsExactly(
            "tenant.change changed", "tenant.change tenant_changed", "tenant.change changed");
  }

  @Test
  void one_who_is_always_overtaken_is_told_so_and_may_retry() {
    acme();
    beforeWrites = () -> directory.changeLimits("acme", Limits.NONE);

    Answer contended = ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}");

    assertThat(contended.status()).isEqualTo(409);
    assertThat(contended.headers()).containsEntry("x-should-retry", "true");
  }

  @Test
  void a_change_that_cannot_be_audited_is_not_made() {
    acme();
    isAuditDown = true;

    Answer refused = ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("audit_unavailable");
    assertThat(directory.tenant("acme").orElseThrow().version()).isEqualTo(1);
    assertThat(lines.toString(UTF_8)).contains("weir.lost_writes");
  }

  @Test
  void a_kill_switch_does_not_wait_for_the_audit_log() {
    isAuditDown = true;

    assertThat(ask("PUT", "switches/all", "{\"why\":\"a leak\"}").status()).isEqualTo(204);
    assertThat(get("switches").body().at("/off/0/switch").asText()).isEqualTo("all");
  }

  @Test
  void a_key_is_shown_once_and_only_to_who_issued_it() {
    acme();

    Answer issued =
        ask("POST", "tenants/acme/keys", "{\"models\":[\"nova-lite\"],\"expiresIn\":\"P1D\"}");

    assertThat(issued.status()).isEqualTo(201);
    String secret = issued.body().path("key").asText();
    assertThat(directory.owner(ApiKey.parse(secret).orElseThrow()).orElseThrow().tenantId())
        .isEqualTo("acme");
    JsonNode key = get("tenants/acme").body().at("/keys/0");
    assertThat(key.path("id")).isEqualTo(issued.body().path("id"));
    assertThat(key.path("expiresAt").asText()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(key.path("models").toString()).isEqualTo("[\"nova-lite\"]");
    assertThat(audited.toString() + lines.toString(UTF_8)).doesNotContain(secret);
    assertThat(actions()).containsExactly("key.issue changed", "key.issued changed");
  }

  @Test
  void a_key_issued_twice_by_one_idempotency_key_is_one_key() {
    acme();
    Map<String, String> once = Map.of("idempotency-key", "a");
    Answer first = ask("POST", "tenants/acme/keys", "", once);

    Answer second = ask("POST", "tenants/acme/keys", "", once);

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.message()).contains(first.body().path("id").asText());
    assertThat(directory.tenant("acme").orElseThrow().keys()).hasSize(1);
    ask("POST", "tenants/acme/keys", "", Map.of("idempotency-key", "b"));
    assertThat(directory.tenant("acme").orElseThrow().keys()).hasSize(2);
  }

  @Test
  void a_rotated_key_has_another_secret_and_the_old_one_is_refused() {
    acme();
    Answer old = ask("POST", "tenants/acme/keys", "{\"models\":[\"nova-lite\"]}");

    Answer rotated =
        ask("POST", "tenants/acme/keys/" + old.body().path("id").asText() + "/rotate", "");

    assertThat(rotated.status()).isEqualTo(201);
    assertThat(directory.owner(ApiKey.parse(old.body().path("key").asText()).orElseThrow()))
        .isEmpty();
    assertThat(get("tenants/acme").body().path("keys")).hasSize(1);
    assertThat(get("tenants/acme").body().at("/keys/0/models/0").asText()).isEqualTo("nova-lite");
  }

  @Test
  void a_key_is_revoked_once() {
    acme();
    String id = ask("POST", "tenants/acme/keys", "").body().path("id").asText();

    assertThat(ask("DELETE", "tenants/acme/keys/" + id, "").status()).isEqualTo(204);
    assertThat(ask("DELETE", "tenants/acme/keys/" + id, "").code()).isEqualTo("key_not_found");
    assertThat(directory.tenant("acme").orElseThrow().keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool:_lookup", "tool:not_known_here", "key:k1", "tenant:acme", "all"})
  void what_cannot_be_looked_up_or_is_there_goes_off(String target) {
    acme();
    assertThat(ask("PUT", "switches/" + target, "{\"why\":\"a leak\"}").status()).isEqualTo(204);
  }

  @Test
  void switches_go_off_and_on_and_say_by_whom() {
    assertThat(ask("PUT", "switches/model:nova-lite", "{\"why\":\"a leak\"}").status())
        .isEqualTo(204);
    assertThat(get("switches").body().at("/off/0").toString())
        .isEqualTo(
            "{\"switch\":\"model:nova-lite\",\"since\":\"2026-11-22T12:00:00Z\",\"by\":\"%s\",\"why\":\"a leak\"}"
                .formatted(ANN.principal()));
    assertThat(ask("DELETE", "switches/model:nova-lite", "").status()).isEqualTo(204);
    assertThat(ask("DELETE", "switches/model:nova-lite", "").status()).isEqualTo(204);
    assertThat(get("switches").body().path("off")).isEmpty();
    assertThat(audited).allMatch(entry -> entry.chain().equals(AuditEntry.ADMIN));
  }

  @Test
  void routes_name_models_targets_prices_and_guards() {
    JsonNode routes = get("routes").body();

    assertThat(routes.path("guards").toString()).contains("strict");
    assertThat(routes.path("routes")).hasSameSizeAs(CATALOG.models().all());
    JsonNode price = routes.at("/routes/0/targets/0/price");
    assertThat(price.path("inputPicoUsd").asLong()).isPositive();
    assertThat(price.path("source").asText()).startsWith("http");
  }

  @Test
  void usage_adds_up_to_the_ledger() {
    acme();
    booked("r1", "2026-11-01", 34_000_000);
    booked("r2", "2026-11-22", 1);
    booked("r3", "2026-10-31", 1_000);

    JsonNode month = get("tenants/acme/usage?by=day").body();
    assertThat(month.path("from").asText()).isEqualTo("2026-11-01");
    assertThat(month.path("lines")).hasSize(2);
    assertThat(month.at("/total/usd").asText()).isEqualTo("0.000034000001");
    assertThat(month.at("/total/calls").asLong()).isEqualTo(2);
    assertThat(get("tenants/acme/usage?from=2026-10-31&to=2026-10-31").body().at("/lines/0/name"))
        .isEqualTo(JSON.valueToTree("nova-lite"));
  }

  @Test
  void capacity_weighs_every_tenants_calls_against_what_is_declared() {
    acme();
    booked("r1", "2026-11-22", 5_000_000);
    booked("r2", "2026-11-16", 5_000_000);
    booked("r3", "2026-11-15", 5_000_000);

    JsonNode week = get("capacity").body();

    assertThat(week.path("from").asText()).isEqualTo("2026-11-16T00:00:00Z");
    assertThat(week.path("to").asText()).isEqualTo("2026-11-22T12:00:00Z");
    JsonNode target = week.at("/targets/0");
    assertThat(target.path("target").asText()).isEqualTo("vendor.nova-lite");
    assertThat(target.at("/requestsPerMinute/peak").asLong()).isEqualTo(1);
    assertThat(target.at("/requestsPerMinute/quota").isNull()).isTrue();
    assertThat(target.at("/tokensPerMinute/peakPercent").isNull()).isTrue();
    assertThat(target.path("onDemandUsd").asText()).isEqualTo("0.000010000000");
    assertThat(target.path("provisioned").isNull()).isTrue();
    assertThat(get("capacity?days=8").body().at("/targets/0/onDemandUsd").asText())
        .isEqualTo("0.000015000000");
  }

  @Test
  void days_of_capacity_are_1_to_31() {
    assertThat(get("capacity?days=32").message()).contains("an integer from 1 to 31");
    assertThat(get("capacity?months=1").message()).contains("one of the parameters days");
  }

  private void booked(String requestId, String day, long picoUsd) {
    ledger.write(
        new LedgerRow(
            "acme",
            "k1",
            requestId,
            Optional.empty(),
            "nova-lite",
            "vendor.nova-lite",
            false,
            "complete",
            Optional.of("stop"),
            Usage.of(20, 7),
            Usage.of(20, 7),
            false,
            new Cost(picoUsd),
            "p",
            "2026-11-01",
            List.of(
                new LedgerRow.Hop(
                    "vendor.nova-lite", "complete", 5, new Cost(picoUsd), Usage.of(20, 7))),
            Instant.parse(day + "T10:00:00Z").toEpochMilli(),
            5,
            new GuardMark("none@1", "allowed", 0, Cost.ZERO),
            Optional.empty(),
            Savings.NONE,
            Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "POST  | tenants                 | {\"id\":\"a/b\"}                       | id          |"
            + " letters",
        "POST  | tenants                 | {}                                     | id          |"
            + " Missing",
        "POST  | tenants                 | {\"id\":7}                             | id          | a"
            + " string",
        "POST  | tenants                 | {\"id\":\"x\",\"limit\":{}}            | limit       |"
            + " Unrecognized",
        "POST  | tenants                 | {\"id\":\"x\",\"limits\":{\"rpm\":1}}  | limits.rpm  |"
            + " Unknown",
        "POST  | tenants                 | {\"id\":\"x\",\"limits\":{\"concurrency\":0}} |"
            + " limits.concurrency | at least 1",
        "POST  | tenants                 | {\"id\":\"x\",\"limits\":{\"concurrency\":1.5}} |"
            + " limits.concurrency | an integer",
        "POST  | tenants                 | {\"id\":\"x\",\"guard\":\"lax\"}       | guard       |"
            + " none, baseline, strict",
        "POST  | tenants                 | {\"id\":\"x\",\"estimate\":\"BYTES\"}  | estimate    |"
            + " tokens, bytes",
        "POST  | tenants                 | {\"id\":\"x\",\"atBudget\":\"stop\"}   | atBudget    |"
            + " notify, switch_off",
        "PATCH | tenants/acme            | {\"status\":\"on\"}                    | status      |"
            + " active, suspended",
        "PATCH | tenants/acme            | {\"id\":\"x\"}                         | id          |"
            + " Unrecognized",
        "POST  | tenants/acme/keys       | {\"models\":[\"nope\"]}                | models      |"
            + " nova-lite",
        "POST  | tenants/acme/keys       | {\"models\":[1]}                       | models      |"
            + " strings",
        "POST  | tenants/acme/keys       | {\"expiresIn\":\"PT-5S\"}              | expiresIn   |"
            + " P90D",
        "POST  | tenants/acme/keys       | {\"expiresIn\":\"tomorrow\"}           | expiresIn   |"
            + " P90D",
        "PUT   | switches/modle:x        | {\"why\":\"x\"}                        | switch      |"
            + " tenant:, key:, model:, door:, tool:",
        "PUT   | switches/model:nova-lit | {\"why\":\"x\"}                        | switch      |"
            + " nova-lite",
        "PUT   | switches/door:nosuch    | {\"why\":\"x\"}                        | switch      |"
            + " chat, responses, embeddings, endpoints",
        "POST  | tenants                 | {\"id\":\"x\",\"limits\":{\"requestsPerMinute\":1000000000000001}} |"
            + " limits.requestsPerMinute | 1000000000000000",
        "POST  | tenants/acme/keys       | {\"expiresIn\":\"P36501D\"}           | expiresIn   |"
            + " P36500D",
        "GET   | tenants/acme?x=1        | ~~                                     | x           |"
            + " parameters",
        "GET   | tenants/acme/audit?x=1  | ~~                                     | x           |"
            + " parameters",
        "PUT   | switches/all            | {}                                     | why         |"
            + " Missing",
        "PUT   | switches/all            | {\"why\":\" \"}                        | why         | 1"
            + " to 200",
        "GET   | tenants?limit=0         | ~~                                     | limit       | 1"
            + " to 100",
        "GET   | tenants?page=2          | ~~                                     | page        |"
            + " after, limit",
        "GET   | tenants/acme/usage?by=x | ~~                                     | by          |"
            + " day, model, key, outcome",
        "GET   | tenants/acme/usage?to=x | ~~                                     | to          |"
            + " UTC day",
        "GET   | tenants/acme/usage?from=2026-11-23 | ~~                          | from        | 0"
            + " to 400 days",
      })
  void what_is_wrong_is_refused_by_field_with_what_is_allowed(
      String method, String path, String body, String field, String allowed) {
    acme();

    Answer refused = ask(method, path, body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().at("/error/param").asText()).isEqualTo(field);
    assertThat(refused.message()).contains(allowed);
    assertThat(audited).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | tenants/nobody             |                          | tenant_not_found",
        "PUT    | switches/tenant:nobody     | {\"why\":\"x\"}      | tenant_not_found",
        "PATCH  | tenants/nobody             | {\"status\":\"active\"}  | tenant_not_found",
        "GET    | tenants/no body            |                          | tenant_not_found",
        "GET    | tenants/nobody/usage       |                          | tenant_not_found",
        "POST   | tenants/nobody/keys        | {}                       | tenant_not_found",
        "POST   | tenants/acme/keys/k/rotate | {}                       | key_not_found",
        "DELETE | tenants/acme/keys/k        |                          | key_not_found",
        "GET    | nothing                    |                          | unknown_url",
        "POST   | tenants/acme               | {}                       | unknown_url",
      })
  void what_is_not_there_is_not_found(String method, String path, String body, String code) {
    acme();

    Answer refused = ask(method, path, body == null ? "" : body);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(audited).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|invalid_json",
        "{\"id\":\"x\",\"id\":\"y\"}|invalid_json",
        "{\"id\":\"x\"} {}|invalid_json"
      })
  void a_body_is_one_strict_json_object(String body, String code) {
    assertThat(ask("POST", "tenants", body).code()).isEqualTo(code);
    assertThat(ask("PATCH", "tenants/acme", "{}").code()).isEqualTo("nothing_to_change");
    assertThat(ask("POST", "tenants", "{\"id\":\"" + "x".repeat(70_000) + "\"}").status())
        .isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({"if-match,1", "if-match,*", "if-match,\"x\""})
  void an_etag_that_is_none_is_refused(String header, String value) {
    acme();

    Answer refused =
        ask("PATCH", "tenants/acme", "{\"status\":\"suspended\"}", Map.of(header, value));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().at("/error/param").asText()).isEqualTo("If-Match");
  }

  @Test
  void an_idempotency_key_that_is_none_is_refused() {
    acme();

    assertThat(
            ask("POST", "tenants/acme/keys", "", Map.of("idempotency-key", "a b"))
                .body()
                .at("/error/param")
                .asText())
        .isEqualTo("Idempotency-Key");
  }
}
