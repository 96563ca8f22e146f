package dev.weir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.Asked;
import dev.weir.remedy.approval.Callbacks;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RemediationLineTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String ID = "2026-11-22T11:58:00Z-restart-endpoint-endpoint/weir-chat";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InMemoryDynamo dynamo = new InMemoryDynamo(CLOCK);
  private final RemediationTable table = new RemediationTable(dynamo, "remediation");
  private final List<JsonNode> calls = new CopyOnWriteArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpServer machines =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private volatile boolean isDown;
  private Instant now = NOW;

  RemediationLineTest() throws IOException {
    machines.createContext(
        "/",
        exchange -> {
          JsonNode call = JSON.readTree(exchange.getRequestBody().readAllBytes());
          String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          calls.add(call);
          byte[] reply =
              (target.endsWith("ListStateMachines")
                      ? "{\"stateMachines\":[{\"name\":\"weir-guard\"},{\"name\":\"weir-act-restart-endpoint\"},{\"name\":\"weir-act-scale-out\"},{\"name\":\"other-act-x\"}]}"
                      : "{\"startDate\":%d.25}".formatted(NOW.getEpochSecond() + 5))
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(isDown ? 500 : 200, reply.length);
          exchange.getResponseBody().write(reply);
          exchange.close();
        });
    machines.start();
  }

  @AfterEach
  void stop() {
    machines.stop(0);
  }

  private int weir(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line =
        Weir.commandLine(
            () -> dynamo,
            _ -> {
              throw new AssertionError("no routes here");
            },
            () ->
                new ServiceCall(
                    "states",
                    new Endpoint(
                        URI.create("http://127.0.0.1:" + machines.getAddress().getPort()),
                        "us-east-1"),
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"))),
            Clock.fixed(now, ZoneOffset.UTC),
            new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--remediation",
            "remediation",
            "--guard-machine",
            "arn:aws:states:us-east-1:1:stateMachine:weir-guard",
            "--ledger",
            "ledger",
            "--operator",
            "ann"));
    return line.execute(all.toArray(String[]::new));
  }

  private void row(String sk, String outcome, String reason, String plan) {
    table.add(
        Item.EMPTY
            .with("pk", "INCIDENT#2026-11-22")
            .with("sk", ID + "#" + sk)
            .with("incident", ID)
            .with("action", "restart-endpoint")
            .with("kind", "endpoint")
            .with("name", "weir-chat")
            .with("at", "2026-11-22T11:58:02.000Z")
            .with("outcome", outcome)
            .with("reason", reason)
            .with("severity", "HIGH")
            .with("summary", "It is <b>failing</b>.")
            .with("approvedBy", "")
            .with("plan", plan)
            .with("after", "{}")
            .with("cause", "{}"));
  }

  private void history() {
    String plan =
        "{\"plan\":\"ACT\",\"steps\":[{\"api\":\"sagemaker:updateEndpoint\",\"arguments\":{\"EndpointName\":\"weir-chat\"},\"undo\":\"the one before\"}]}";
    row("2026-11-22T11:58:01Z#aa#1-intent", "INTENT", "REPLACE", plan);
    row("2026-11-22T11:58:01Z#aa#2-end", "SUCCEEDED", "REPLACE", plan);
    row("2026-11-22T11:58:03Z#bb#2-end", "SUPPRESSED", "BUSY", "{}");
  }

  @Test
  void incidents_are_one_line_each_with_how_they_stand() {
    history();

    assertThat(weir("incidents", "--day", "2026-11-22")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly("SUCCEEDED(REPLACE) HIGH 1 suppressed " + ID);
    assertThat(weir("incidents")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    now = NOW.plus(Duration.ofHours(13));
    assertThat(weir("incidents")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    now = NOW.plus(Duration.ofHours(37));
    assertThat(weir("incidents")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(weir("incidents", "--day", "2026-11-21")).isZero();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_day_that_is_none_or_too_long_ago_is_refused() {
    assertThat(weir("incidents", "--since", "2026-10-01")).isEqualTo(2);
    assertThat(err.toString()).contains("31 days");
    assertThat(weir("incidents", "--day", "yesterday")).isEqualTo(2);
  }

  @Test
  void a_timeline_has_every_row_in_its_order_and_its_steps() {
    history();

    assertThat(weir("incident", ID)).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "2026-11-22T11:58:02.000Z INTENT(REPLACE): It is <b>failing</b>.",
            " sagemaker:updateEndpoint {\"EndpointName\":\"weir-chat\"}",
            "2026-11-22T11:58:02.000Z SUCCEEDED(REPLACE): It is <b>failing</b>.",
            "2026-11-22T11:58:02.000Z SUPPRESSED(BUSY): It is <b>failing</b>.");
    assertThat(weir("incident", ID, "--json")).isZero();
    assertThat(out.toString()).contains("\"sagemaker:updateEndpoint\"");
  }

  @Test
  void a_timeline_is_one_page_that_is_escaped(@TempDir Path folder) throws IOException {
    history();
    Path file = folder.resolve("timeline.html");

    assertThat(weir("incident", ID, "--html", file.toString())).isZero();
    assertThat(Files.readString(file))
        .contains("<!doctype html>", "SUCCEEDED", "SUPPRESSED", "sagemaker:updateEndpoint")
        .contains("It is &lt;b&gt;failing&lt;/b&gt;.")
        .doesNotContain("<b>", "<script", "src=", "href=");
  }

  @Test
  void an_incident_that_is_not_there_is_said_so() {
    assertThat(weir("incident", "yesterday")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no incident yesterday.");
  }

  @Test
  void modes_limits_and_the_freeze_are_set_and_shown() {
    assertThat(weir("remediation", "mode", "all", "auto")).isZero();
    assertThat(weir("remediation", "mode", "restart-endpoint", "dry-run")).isZero();
    assertThat(weir("remediation", "limits", "restart-endpoint", "attempts=2", "perHour=1"))
        .isZero();
    assertThat(weir("remediation", "limits", "restart-endpoint", "perHour=none")).isZero();
    assertThat(weir("remediation", "freeze", "2026-11-23T07:00:00Z")).isZero();

    assertThat(weir("remediation", "status")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactly(
            "all auto", "restart-endpoint dry-run attempts=2", "frozen until 2026-11-23T07:00:00Z");
    assertThat(weir("remediation", "freeze", "off")).isZero();
    assertThat(weir("remediation", "status")).isZero();
    assertThat(out.toString()).doesNotContain("frozen");
    assertThat(dynamo.keys("ledger")).isNotEmpty();
  }

  @Test
  void storms_what_is_in_flight_and_what_an_action_has_left_of_its_hour_are_shown() {
    long now = NOW.getEpochSecond();
    table.add(
        new Item(
            Map.of(
                "pk", AttributeValue.fromS("GATE"),
                "sk", AttributeValue.fromS("endpoint"),
                "stormUntil", AttributeValue.fromN("" + (now + 60)),
                "inFlight",
                    AttributeValue.fromM(
                        Map.of("aa", run("weir-chat", now + 60), "bb", run("weir-old", now - 60))),
                "starts:park-endpoint", starts(now - 3600, now - 3599, now),
                "starts:scale-out", starts(now - 3600))));

    assertThat(weir("remediation", "status")).isZero();
    assertThat(out.toString().lines().skip(1))
        .containsExactly(
            "storm of endpoint until 2026-11-22T12:01:00Z",
            "in flight endpoint/weir-chat",
            "2 starts of park-endpoint within an hour, of kind endpoint");
  }

  private static AttributeValue run(String name, long until) {
    return AttributeValue.fromM(
        Map.of("name", AttributeValue.fromS(name), "until", AttributeValue.fromN("" + until)));
  }

  private static AttributeValue starts(long... at) {
    return AttributeValue.fromL(
        LongStream.of(at).mapToObj(each -> AttributeValue.fromN("" + each)).toList());
  }

  @Test
  void what_is_not_allowed_is_refused_and_the_allowed_is_named() {
    assertThat(weir("remediation", "mode", "restart-endpoint", "full")).isEqualTo(2);
    assertThat(err.toString()).contains("off, dry-run, approve, auto");
    assertThat(weir("remediation", "mode", "restrat-endpoint", "off")).isEqualTo(2);
    assertThat(err.toString()).contains("one of restart-endpoint, scale-out");
    assertThat(weir("remediation", "limits", "restart-endpoint", "attempts=101")).isEqualTo(2);
    assertThat(err.toString()).contains("0 to 100");
    assertThat(weir("remediation", "limits", "restart-endpoint", "attempts=many")).isEqualTo(2);
    assertThat(weir("remediation", "limits", "restart-endpoint", "colour=3")).isEqualTo(2);
    assertThat(weir("remediation", "limits", "all", "attempts=3")).isEqualTo(2);
    assertThat(weir("remediation", "freeze", "2026-11-21T07:00:00Z")).isEqualTo(2);
    assertThat(weir("remediation", "start", "restart-endpoint", "house", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("of restart-endpoint: endpoint");
    assertThat(weir("remediation", "start", "restart-endpoint", "endpoint", "a b")).isEqualTo(2);
    assertThat(weir("remediation", "start", "reboot", "endpoint", "x")).isEqualTo(2);
    assertThat(table.all("CONFIG")).isEmpty();
  }

  @Test
  void an_action_is_started_on_its_own_kinds_only() {
    assertThat(weir("remediation", "start", "scale-out", "notebook-instance", "weir-chat"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("of scale-out: endpoint");
    assertThat(weir("remediation", "start", "budget-guard", "endpoint", "weir-chat")).isEqualTo(2);
    isDown = true;
    assertThat(weir("remediation", "start", "stop-notebook", "endpoint", "weir-lab")).isEqualTo(2);
    assertThat(err.toString()).contains("of stop-notebook: notebook-instance");
    assertThat(weir("remediation", "start", "stop-job", "transform-job", "weir-job")).isEqualTo(2);
    assertThat(err.toString()).contains("of stop-job: processing-job, training-job");
    assertThat(calls).noneMatch(call -> call.has("input"));
  }

  @Test
  void a_name_that_cannot_be_looked_up_can_be_turned_off() {
    isDown = true;

    assertThat(weir("remediation", "mode", "restart-endpoint", "off")).isZero();
    assertThat(table.all("CONFIG")).hasSize(1);
  }

  @Test
  void an_action_is_started_through_the_guard_with_who_wants_it() {
    assertThat(weir("remediation", "start", "restart-endpoint", "endpoint", "weir-chat")).isZero();

    assertThat(out.toString().strip())
        .isEqualTo("started 2026-11-22T12:00:05Z-restart-endpoint-endpoint/weir-chat");
    JsonNode call = calls.getLast();
    assertThat(call.path("stateMachineArn").asText()).endsWith(":weir-guard");
    assertThat(call.path("input").asText())
        .isEqualTo(
            "{\"action\":\"restart-endpoint\",\"kind\":\"endpoint\",\"dimension\":\"target\",\"event\":{\"source\":\"weir.operator\",\"detail-type\":\"Remediation Requested\",\"detail\":{\"target\":\"weir-chat\",\"requestedBy\":\"ann\"}}}");
  }

  @Test
  void locks_and_cooldowns_are_shown() {
    table.add(
        Item.EMPTY
            .with("pk", "LOCK")
            .with("sk", "endpoint/weir-chat")
            .with("owner", "arn")
            .with("leaseUntil", NOW.getEpochSecond() + 60)
            .with("action", "restart-endpoint")
            .with("incident", ID)
            .with("cooldown:scale-out", NOW.getEpochSecond() + 90)
            .with("cooldown:restart-endpoint", NOW.getEpochSecond() - 1));

    assertThat(weir("remediation", "locks")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "endpoint/weir-chat held by restart-endpoint until 2026-11-22T12:01:00Z: " + ID,
            "endpoint/weir-chat cools down from scale-out until 2026-11-22T12:01:30Z");
  }

  private String asked(String requestedBy) {
    Callbacks nobody = (_, _) -> Callbacks.Told.YES;
    return new Approvals(table, nobody, true, CLOCK, new Random(1))
        .ask(
            new Asked(
                "token",
                ID,
                "2026-11-22T11:58:01Z#aa",
                "restart-endpoint",
                "endpoint",
                "weir-chat",
                "{\"summary\":\"It is made again.\"}",
                "HIGH",
                Optional.of(requestedBy).filter(name -> !name.isEmpty()),
                3600))
        .id();
  }

  @Test
  void what_waits_is_listed_approved_once_and_in_the_timeline() {
    String id = asked("");
    assertThat(weir("approvals")).isZero();
    assertThat(out.toString())
        .contains(id + "  restart-endpoint of endpoint/weir-chat  HIGH  until 2026-11-22T13:00:00Z")
        .contains("It is made again.");

    assertThat(weir("approve", id, "--comment", "go on")).isZero();
    assertThat(calls.getLast().path("taskToken").asText()).isEqualTo("token");
    assertThat(calls.getLast().path("output").asText()).contains("\"approvedBy\":\"ann\"");
    assertThat(weir("deny", id)).isEqualTo(1);
    assertThat(err.toString()).contains("ann has decided otherwise");
    assertThat(weir("approvals")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(weir("incident", ID)).isZero();
    assertThat(out.toString()).contains("ASKED", "APPROVED by ann: go on");
  }

  @Test
  void who_started_it_may_deny_it_only() {
    String id = asked("ann");

    assertThat(weir("approve", id)).isEqualTo(1);
    assertThat(err.toString()).contains("does not approve it");
    assertThat(weir("deny", id)).isZero();
    assertThat(calls.getLast().path("error").asText()).isEqualTo("Remediation.Denied");
  }

  @Test
  void without_the_tables_name_nothing_is_asked() {
    StringWriter errors = new StringWriter();
    CommandLine line =
        Weir.commandLine(
            () -> dynamo,
            _ -> {
              throw new AssertionError();
            },
            () -> {
              throw new AssertionError();
            },
            CLOCK,
            new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(errors, true));

    assertThat(line.execute("incidents", "--remediation", "")).isEqualTo(2);
    assertThat(errors.toString()).contains("--remediation");
  }
}
