package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admin.Offer;
import dev.weir.admin.Rooms;
import dev.weir.audit.Chains;
import dev.weir.audit.SegmentedLog;
import dev.weir.audit.Verifier;
import dev.weir.door.Ids;
import dev.weir.killswitch.Switches;
import dev.weir.operations.AdminRoute;
import dev.weir.store.AuditTable;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.LedgerTable;
import dev.weir.store.SwitchTable;
import dev.weir.store.TenantItem;
import dev.weir.telemetry.Log;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.TenantDirectory;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The command line, straight to the tables, and the admin routes do the same with the same
 * operations: what is in the tables, what is in the audit, what is refused and in which words. Only
 * what chance has made is different.
 */
class EitherWayTest {

  private static final int SEQUENCES = 210;
  private static final int OPERATIONS = 8;
  private static final String CATALOG = "../functions/inference/src/test/resources/catalog";
  private static final String OPERATOR = "arn:aws:iam::1:user/ann";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
  private static final List<String> TENANTS =
      List.of("acme", "acme", "acme", "globex", "nobody", "no id!");

  /**
   * One operation in the words of both; {@code <3>} stands for the fourth key that was issued.
   *
   * @param path parameters of the resource
   */
  private record Operation(
      List<String> line,
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> headers,
      Optional<String> body) {

    static Operation change(String tenant, String json, String... line) {
      return new Operation(
          List.of(line),
          "PATCH",
          "/tenants/{tenant}",
          Map.of("tenant", tenant),
          Map.of(),
          Optional.of(json.replace('\'', '"')));
    }
  }

  /** A deployment's tables, and the keys that were issued for it. */
  private static final class World {
    private final InMemoryDynamo dynamo = new InMemoryDynamo(CLOCK);
    private final List<String> keys = new ArrayList<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    String key(int number) {
      return number < keys.size() ? keys.get(number) : "k-none";
    }

    String filled(String text) {
      String filled = text;
      for (int number = 0; number < 8; number++) {
        filled = filled.replace("<" + number + ">", key(number));
      }
      return filled;
    }

    void issued(String id, String secret) {
      names.put(ApiKey.parse(secret).orElseThrow().hash(), "hash-" + keys.size());
      names.put(id, "key-" + keys.size());
      keys.add(id);
    }

    private String named(String text) {
      String named = text;
      for (Map.Entry<String, String> name : names.entrySet()) {
        named = named.replace(name.getKey(), name.getValue());
      }
      return named;
    }

    /** Every item of the tenants' table. */
    Map<String, String> items() {
      return dynamo.keys("tenants").stream()
          .collect(
              Collectors.toMap(
                  key -> named(key.toString()),
                  key -> text(AttributeValue.fromM(dynamo.item("tenants", key.get(1)))),
                  (one, _) -> one,
                  TreeMap::new));
    }

    private String text(AttributeValue value) {
      return named(
          value.hasM()
              ? value.m().entrySet().stream()
                  .filter(entry -> !entry.getKey().equals(TenantItem.GENERATION))
                  .map(entry -> named(entry.getKey()) + "=" + text(entry.getValue()))
                  .sorted()
                  .toList()
                  .toString()
              : value.toString());
    }

    /** Every entry of the audit, without its request. */
    List<String> audited() {
      List<String> entries = new ArrayList<>();
      Verifier verifier = new Verifier(new AuditTable(dynamo, "ledger"), CLOCK);
      for (String chain : List.of("acme", "globex", "@admin")) {
        verifier.verify(
            chain,
            new Verifier.Span(Instant.EPOCH, Instant.MAX),
            Optional.empty(),
            kept ->
                entries.add(chain + named(kept.body().replaceAll("\"trace\":\"[^\"]*\",", ""))));
      }
      return entries;
    }
  }

  private static final Operation FIRST =
      new Operation(
          List.of("tenant", "create", "acme"),
          "POST",
          "/tenants",
          Map.of(),
          Map.of(),
          Optional.of("{\"id\":\"acme\"}"));

  private final Random random = new Random(20261122);

  /** What an operation came to: the exit status it has at the command line, and the refusal. */
  private record Outcome(int exit, String refusal) {

    /** With the world's own keys under names that both worlds share. */
    Outcome in(World world) {
      return new Outcome(exit, world.named(refusal));
    }
  }

  /** A command line, which takes longer to make than a command to run, and what it says. */
  private record Line(CommandLine command, StringWriter out, StringWriter err) {

    static Line of(World world) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      CommandLine command =
          Weir.commandLine(
              () -> world.dynamo,
              _ -> {
                throw new AssertionError("no routes here");
              },
              () -> {
                throw new AssertionError("no machines here");
              },
              CLOCK,
              new PrintWriter(out, true));
      command.setErr(new PrintWriter(err, true));
      return new Line(command, out, err);
    }

    int run(String... arguments) {
      out.getBuffer().setLength(0);
      err.getBuffer().setLength(0);
      return command.execute(arguments);
    }
  }

  private static Outcome byLine(World world, Line line, Operation operation) {
    String[] arguments =
        Stream.concat(
                operation.line().stream().map(world::filled),
                Stream.of(
                    "--table",
                    "tenants",
                    "--catalog",
                    CATALOG,
                    "--ledger",
                    "ledger",
                    "--operator",
                    OPERATOR))
            .toArray(String[]::new);
    int exit = line.run(arguments);
    if (exit == 0 && operation.resource().contains("keys") && operation.method().equals("POST")) {
      String[] issued = line.out().toString().strip().split(" ");
      world.issued(issued[0], issued[1]);
    }
    return new Outcome(exit, line.err().toString().replaceFirst("^weir: ", "").strip());
  }

  private Outcome byRoute(World world, AdminRoute route, Operation operation) {
    AdminRoute.Reply reply =
        route.ask(
            operation.method(),
            operation.resource(),
            operation.path().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> world.filled(e.getValue()))),
            operation.headers(),
            operation.body().map(world::filled));
    if (reply.status() == 201 && operation.resource().contains("keys")) {
      String[] parts = reply.body().split("\"");
      world.issued(parts[3], parts[7]);
    }
    return new Outcome(reply.status() < 400 ? 0 : reply.status() == 400 ? 2 : 1, reply.message());
  }

  private AdminRoute routes(World world, long seed) {
    Random chance = new Random(seed);
    Log unheard =
        new Log(new PrintStream(OutputStream.nullOutputStream()), CLOCK, "Weir", Map.of());
    Chains chains =
        new Chains(
            new AuditTable(world.dynamo, "ledger"),
            Optional.empty(),
            CLOCK,
            Ids.segments(new SecureRandom()),
            chance);
    Offer offer = Offer.read(Path.of(CATALOG));
    return new AdminRoute(
        new Rooms(
            TenantDirectory.of(world.dynamo, "tenants", CLOCK, chance),
            new Switches(new SwitchTable(world.dynamo, "tenants")),
            new LedgerTable(world.dynamo, "ledger", Duration.ofDays(1)),
            () -> offer,
            true,
            new SegmentedLog(chains, CLOCK, unheard),
            Optional.of(new Verifier(new AuditTable(world.dynamo, "ledger"), CLOCK)),
            Optional.empty(),
            unheard,
            CLOCK));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String number(int most) {
    return Integer.toString(random.nextInt(most));
  }

  private Operation next() {
    String tenant = one(TENANTS);
    Map<String, String> path = Map.of("tenant", tenant);
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> create(tenant);
      case 3, 4 -> limits(tenant);
      case 5 -> {
        String status = one(List.of("suspend", "activate"));
        yield Operation.change(
            tenant,
            status.equals("suspend") ? "{'status':'suspended'}" : "{'status':'active'}",
            "tenant",
            status,
            tenant);
      }
      case 6 -> {
        String guard = one(List.of("strict", "none", "unheard-of"));
        yield Operation.change(
            tenant, "{'guard':'%s'}".formatted(guard), "tenant", "guard", tenant, guard);
      }
      case 7 -> {
        String what = one(List.of("notify", "switch_off", "explode"));
        yield Operation.change(
            tenant, "{'atBudget':'%s'}".formatted(what), "tenant", "at-budget", tenant, what);
      }
      case 8 -> {
        String whether = one(List.of("on", "off"));
        String hours = one(List.of("0", "24", "9000"));
        yield Operation.change(
            tenant,
            "{'sessions':%s,'sessionIdleHours':%s,'sessionDays':7}"
                .formatted(whether.equals("on"), hours),
            "tenant",
            "sessions",
            tenant,
            whether,
            "--idle-hours",
            hours,
            "--days",
            "7");
      }
      case 9 -> {
        int days = one(List.of(1, 30, 3_650, 3_651));
        boolean on = random.nextBoolean();
        yield Operation.change(
            tenant,
            "{'captureDays':%d}".formatted(on ? days : 0),
            "tenant",
            "capture",
            tenant,
            on ? "on" : "off",
            "--days",
            Integer.toString(days));
      }
      case 10 -> {
        String shards = one(List.of("1", "2", "5", "64", "65", "0"));
        yield Operation.change(
            tenant, "{'shards':%s}".formatted(shards), "tenant", "shards", tenant, shards);
      }
      case 11, 12 -> issue(tenant, path);
      case 13 -> {
        String key = "<" + number(4) + ">";
        Map<String, String> both = Map.of("tenant", tenant, "key", key);
        yield random.nextBoolean()
            ? new Operation(
                List.of("key", "revoke", tenant, key),
                "DELETE",
                "/tenants/{tenant}/keys/{key}",
                both,
                Map.of(),
                Optional.empty())
            : new Operation(
                List.of("key", "rotate", tenant, key, "--expires-in", "P2D"),
                "POST",
                "/tenants/{tenant}/keys/{key}/rotate",
                both,
                Map.of(),
                Optional.of("{\"expiresIn\":\"P2D\"}"));
      }
      case 14 -> {
        String what = one(List.of("all", "model:m", "tenant:acme", "tool:f", "modle:m", "key:<0>"));
        String why = one(List.of("a leak", "", "x".repeat(201)));
        yield random.nextBoolean()
            ? new Operation(
                List.of("switch", "off", what, "--why", why),
                "PUT",
                "/switches/{switch}",
                Map.of("switch", what),
                Map.of(),
                Optional.of("{\"why\":\"%s\"}".formatted(why)))
            : new Operation(
                List.of("switch", "on", what),
                "DELETE",
                "/switches/{switch}",
                Map.of("switch", what),
                Map.of(),
                Optional.empty());
      }
      default ->
          new Operation(
              List.of("tenant", "show", tenant),
              "GET",
              "/tenants/{tenant}",
              path,
              Map.of(),
              Optional.empty());
    };
  }

  private Operation create(String tenant) {
    List<String> line = new ArrayList<>(List.of("tenant", "create", tenant));
    StringBuilder json = new StringBuilder("{\"id\":\"%s\"".formatted(tenant));
    if (random.nextBoolean()) {
      String estimate = one(List.of("tokens", "bytes", "guesses"));
      line.addAll(List.of("--estimate", estimate));
      json.append(",\"estimate\":\"%s\"".formatted(estimate));
    }
    if (random.nextInt(3) == 0) {
      String shards = one(List.of("1", "3", "70"));
      line.addAll(List.of("--shards", shards));
      json.append(",\"shards\":").append(shards);
    }
    if (random.nextBoolean()) {
      String rpm = one(List.of("600", "39000", "0"));
      line.addAll(List.of("--rpm", rpm));
      json.append(",\"limits\":{\"requestsPerMinute\":").append(rpm).append('}');
    }
    return new Operation(
        line, "POST", "/tenants", Map.of(), Map.of(), Optional.of(json.append('}').toString()));
  }

  private Operation limits(String tenant) {
    List<String> options =
        List.of("--rpm", "--tpm", "--concurrency", "--day", "--month", "--lifetime");
    List<String> names =
        List.of(
            "requestsPerMinute",
            "tokensPerMinute",
            "concurrency",
            "dayMicroUsd",
            "monthMicroUsd",
            "lifetimeMicroUsd");
    List<String> line = new ArrayList<>(List.of("tenant", "limits", tenant));
    List<String> members = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      String value = random.nextBoolean() ? one(List.of("1", "5000", "10000000", "-4")) : "null";
      members.add("\"%s\":%s".formatted(names.get(i), value));
      if (!value.equals("null")) {
        line.add(options.get(i) + "=" + value);
      }
    }
    return Operation.change(
        tenant, "{\"limits\":{" + String.join(",", members) + "}}", line.toArray(String[]::new));
  }

  private Operation issue(String tenant, Map<String, String> path) {
    List<String> line = new ArrayList<>(List.of("key", "issue", tenant));
    List<String> members = new ArrayList<>();
    Map<String, String> headers = Map.of();
    if (random.nextBoolean()) {
      String model = one(List.of("m", "plain", "gpt-9"));
      line.addAll(List.of("--model", model, "--model", "m"));
      members.add("\"models\":[\"%s\",\"m\"]".formatted(model));
    }
    if (random.nextBoolean()) {
      String time = one(List.of("P90D", "PT0S", "soon"));
      line.addAll(List.of("--expires-in", time));
      members.add("\"expiresIn\":\"%s\"".formatted(time));
    }
    if (random.nextInt(3) == 0) {
      String key = one(List.of("once", "with space"));
      line.addAll(List.of("--idempotency-key", key));
      headers = Map.of("idempotency-key", key);
    }
    return new Operation(
        line,
        "POST",
        "/tenants/{tenant}/keys",
        path,
        headers,
        Optional.of("{" + String.join(",", members) + "}"));
  }

  @Test
  void the_same_operations_leave_the_same_tables_and_the_same_refusals() {
    int done = 0;
    int refused = 0;
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      World lines = new World();
      World routed = new World();
      AdminRoute route = routes(routed, sequence);
      Line line = Line.of(lines);
      for (int i = 0; i < OPERATIONS; i++) {
        Operation operation = i == 0 ? FIRST : next();

        Outcome byLine = byLine(lines, line, operation).in(lines);
        Outcome byRoute = byRoute(routed, route, operation).in(routed);

        assertThat(byLine).as("%d: %s", sequence, operation).isEqualTo(byRoute);
        if (byLine.exit() == 0) {
          done++;
        } else {
          refused++;
        }
      }
      assertThat(lines.items()).as("tables of %d", sequence).isEqualTo(routed.items());
      assertThat(lines.audited()).as("audit of %d", sequence).isEqualTo(routed.audited());
    }
    System.out.printf(
        "either way: %d sequences, %d operations done, %d refused, all alike%n",
        SEQUENCES, done, refused);
    assertThat(done).isGreaterThan(2 * SEQUENCES);
    assertThat(refused).isGreaterThan(SEQUENCES);
  }
}
