package dev.weir.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.weir.admin.AdminApi;
import dev.weir.admin.Offer;
import dev.weir.admin.RemediationRoom;
import dev.weir.admin.Rooms;
import dev.weir.audit.AuditLog;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.killswitch.Switches;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.Callbacks;
import dev.weir.remedy.rule.Guard;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Item;
import dev.weir.store.LedgerTable;
import dev.weir.store.RemediationTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class AdminHandlerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EVENTS = Path.of("../../events");
  private static final Offer CATALOG = Offer.read(Path.of("../../layers/catalog/catalog"));

  private final InMemoryDynamo dynamo = new InMemoryDynamo(Clock.systemUTC());
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Log log = new Log(new PrintStream(lines), Clock.systemUTC(), "Weir", Map.of());
  private final TenantDirectory directory =
      TenantDirectory.of(dynamo, "tenants", Clock.systemUTC(), new Random(1));
  private final HttpServer machines = machines();
  private final AdminHandler handler =
      new AdminHandler(
          new AdminApi(
              new Rooms(
                  directory,
                  new Switches(new SwitchTable(dynamo, "tenants")),
                  new LedgerTable(dynamo, "ledger", Duration.ofDays(1)),
                  () -> CATALOG,
                  true,
                  AuditLog.OFF,
                  Optional.empty(),
                  Optional.of(remediation()),
                  log,
                  Clock.systemUTC())),
          log,
          () -> "req_1");

  private RemediationRoom remediation() {
    RemediationTable table = new RemediationTable(dynamo, "remediation");
    return new RemediationRoom(
        table,
        new Approvals(table, (_, _) -> Callbacks.Told.YES, true, Clock.systemUTC(), new Random(1)),
        new Guard(
            new ServiceCall(
                "states",
                new Endpoint(
                    URI.create("http://127.0.0.1:" + machines.getAddress().getPort()), "us-east-1"),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"))),
            "arn:aws:states:us-east-1:1:stateMachine:weir-guard"));
  }

  /** Answers everything; no machines are listed. */
  private static HttpServer machines() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    machines.stop(0);
  }

  private JsonNode handle(byte[] event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event), out, new OneSecond());
    return JSON.readTree(out.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    "tenants-list, 200",
    "tenant-get, 200",
    "tenant-change, 200",
    "usage, 200",
    "audit, 404",
    "key-issue, 201",
    "key-rotate, 201",
    "key-revoke, 204",
    "routes, 200",
    "capacity, 200",
    "switches, 200",
    "switch-off, 204",
    "switch-on, 204",
    "tenant-create, 409",
    "remediation, 200",
    "remediation-rule, 204",
    "remediation-thaw, 204",
    "remediation-locks, 200",
    "remediation-start, 200",
    "remediation-incidents, 200",
    "remediation-incident, 404",
    "remediation-approvals, 200",
    "remediation-approval, 404"
  })
  void every_sample_event_is_answered(String name, int status) throws IOException {
    directory.create("acme", Limits.NONE, EstimateMode.TOKENS);
    directory.issueKey("acme", "0a1b2c3d", Set.of(), Optional.empty());

    JsonNode reply = handle(Files.readAllBytes(EVENTS.resolve("admin-" + name + ".json")));

    assertThat(reply.path("statusCode").asInt()).isEqualTo(status);
    assertThat(reply.at("/headers/x-request-id").asText()).isEqualTo("req_1");
  }

  @Test
  void a_switch_thrown_by_a_route_names_the_iam_identity() throws IOException {
    handle(Files.readAllBytes(EVENTS.resolve("admin-switch-off.json")));

    assertThat(new Switches(new SwitchTable(dynamo, "tenants")).off().getFirst())
        .satisfies(off -> {
          assertThat(off.target().text()).isEqualTo("model:nova-lite");
          assertThat(off.by()).isEqualTo("arn:aws:sts::123456789012:assumed-role/operator/ann");
        });
    assertThat(lines.toString(UTF_8)).contains("switch.off", "assumed-role/operator/ann");
  }

  @Test
  void an_incident_is_a_page_for_who_wants_one() throws IOException {
    String event = Files.readString(EVENTS.resolve("admin-remediation-incident.json"));
    String id = JSON.readTree(event).at("/pathParameters/incident").asText();
    new RemediationTable(dynamo, "remediation")
        .add(
            Item.EMPTY
                .with("pk", "INCIDENT#" + id.substring(0, 10))
                .with("sk", id + "#2026-11-22T11:58:01Z#aa#2-end")
                .with("incident", id)
                .with("action", "restart-endpoint")
                .with("kind", "endpoint")
                .with("name", "weir-chat")
                .with("outcome", "SUPPRESSED")
                .with("reason", "OFF"));

    JsonNode json = handle(event.getBytes(UTF_8));
    assertThat(json.path("statusCode").asInt()).isEqualTo(200);
    assertThat(json.path("body").asText()).contains("\"outcome\":\"SUPPRESSED\"");
    JsonNode page =
        handle(
            event
                .replace("\"Accept\": \"application/json\"", "\"Accept\": \"text/html\"")
                .getBytes(UTF_8));
    assertThat(page.at("/headers/content-type").asText()).startsWith("text/html");
    assertThat(page.path("body").asText()).startsWith("<!doctype html>").contains("OFF");
  }

  @Test
  void an_event_that_iam_has_not_signed_changes_nothing() throws IOException {
    String event = Files.readString(EVENTS.resolve("admin-switch-off.json"));

    JsonNode reply = handle(event.replace("userArn", "user").getBytes(UTF_8));

    assertThat(reply.path("statusCode").asInt()).isEqualTo(500);
    assertThat(new Switches(new SwitchTable(dynamo, "tenants")).off()).isEmpty();
  }
}
