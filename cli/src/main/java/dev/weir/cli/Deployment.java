package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.admin.AdminReply;
import dev.weir.admin.AdminRequest;
import dev.weir.admin.Offer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which deployment, and who asks it: its tables, or with {@code --url} its admin routes. */
final class Deployment {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BAD_REQUEST = 400;
  private static final String REMEDIATION = "remediation";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec mixee;

  @Option(
      names = "--url",
      defaultValue = "${env:WEIR_ADMIN_URL:-}",
      description =
          "Go through the admin routes at this base URL, such as"
              + " https://ID.execute-api.REGION.amazonaws.com/live, signed with your credentials"
              + " (default: $$WEIR_ADMIN_URL, else the tables).")
  String url = "";

  @Option(
      names = "--table",
      defaultValue = "${env:TENANTS_TABLE:-}",
      description = "The stack's TenantsTableName output (default: $$TENANTS_TABLE).")
  String table = "";

  @Option(
      names = "--ledger",
      defaultValue = "${env:LEDGER_TABLE:-}",
      description = "The stack's LedgerTableName output (default: $$LEDGER_TABLE).")
  String ledger = "";

  @Option(
      names = "--catalog",
      defaultValue = "${env:WEIR_CATALOG:-}",
      description = "The folder of the deployment's models.json (default: $$WEIR_CATALOG).")
  Path catalog = Path.of("");

  @Option(
      names = "--audit",
      defaultValue = "${env:WEIR_AUDIT:-on}",
      description =
          "The stack's Audit parameter: on or off (default: $$WEIR_AUDIT, else on). Changes are"
              + " audited in the ledger table.")
  Setting audit = Setting.ON;

  @Option(
      names = "--operator",
      defaultValue = "${env:USER:-unknown}",
      description =
          "Who does it, for the audit log (default: $$USER); with --url your IAM identity.")
  String operator = "";

  @Option(
      names = "--remediation",
      defaultValue = "${env:REMEDIATION_TABLE:-}",
      description = "The stack's RemediationTableName output (default: $$REMEDIATION_TABLE).")
  String remediation = "";

  @Option(
      names = "--guard-machine",
      defaultValue = "${env:WEIR_GUARD:-}",
      description = "The stack's GuardMachineArn output (default: $$WEIR_GUARD).")
  String guard = "";

  @Option(
      names = "--approval-by-another",
      defaultValue = "${env:WEIR_APPROVAL_BY_ANOTHER:-on}",
      description =
          "The stack's ApprovalByAnother parameter: on or off (default:"
              + " $$WEIR_APPROVAL_BY_ANOTHER, else on).")
  Setting byAnother = Setting.ON;

  /** What can be on or off. */
  enum Setting {
    ON,
    OFF
  }

  /** The table of the chains; empty where nothing is audited. */
  Optional<String> auditTable() {
    return audit == Setting.ON && !ledger.isEmpty() ? Optional.of(ledger) : Optional.empty();
  }

  /** The remediation's table, for what no route shows. */
  String remediationTable() {
    if (remediation.isEmpty()) {
      throw new ParameterException(line(), "--remediation is needed, or $REMEDIATION_TABLE");
    }
    return remediation;
  }

  /** What the deployment answered. */
  record Answer(int status, JsonNode body) {

    boolean isRefused() {
      return status >= BAD_REQUEST;
    }
  }

  /** Asks without a body. */
  Answer ask(Weir weir, String method, String... path) {
    return ask(weir, method, List.of(path), Map.of(), Map.of(), Optional.empty());
  }

  /** Asks with a JSON body. */
  Answer ask(Weir weir, JsonNode body, String method, String... path) {
    return ask(weir, method, List.of(path), Map.of(), Map.of(), Optional.of(body));
  }

  /** Asks with everything a request can have. */
  Answer ask(
      Weir weir,
      String method,
      List<String> path,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<JsonNode> body) {
    if (!method.equals("GET")) {
      needsAudit();
    }
    AdminReply reply = send(weir, method, path, query, headers, body);
    try {
      return new Answer(reply.status(), JSON.readTree(reply.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for what may be no JSON. */
  AdminReply send(
      Weir weir,
      String method,
      List<String> path,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<JsonNode> body) {
    try (Way way = way(weir, path.getFirst().equals(REMEDIATION))) {
      byte[] bytes = body.isPresent() ? JSON.writeValueAsBytes(body.get()) : new byte[0];
      return way.send(new AdminRequest(method, path, query, headers, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Way way(Weir weir, boolean isRemediation) {
    if (!url.isEmpty()) {
      return weir.routes(URI.create(url));
    }
    if (isRemediation) {
      required("--remediation", remediation);
      required("--guard-machine", guard);
    } else {
      required("--table", table);
    }
    return weir.tables(this, isRemediation);
  }

  /** What the deployment offers, from its catalog's folder. */
  Offer offer() {
    if (!Files.exists(catalog.resolve("models.json"))) {
      throw new ParameterException(
          line(),
          "There is no models.json in %s: --catalog names the catalog's folder, as does $WEIR_CATALOG."
              .formatted(catalog.toAbsolutePath()));
    }
    return Offer.read(catalog);
  }

  /** Refuses to go on without the ledger's name, where it is this side that reads it. */
  void needsLedger() {
    if (url.isEmpty()) {
      required("--ledger", ledger);
    }
  }

  /** Refuses a change that would not be audited although it should. */
  private void needsAudit() {
    if (url.isEmpty() && audit == Setting.ON && ledger.isEmpty()) {
      throw new ParameterException(
          line(),
          "--ledger is needed: changes are audited in the stack's ledger table ($LEDGER_TABLE, its"
              + " output LedgerTableName); --audit off where the stack has Audit=off");
    }
  }

  private void required(String option, String value) {
    if (value.isEmpty()) {
      throw new ParameterException(
          line(), "%s is needed, or --url; both have environment variables".formatted(option));
    }
  }

  /** Says why nothing was done, and returns the exit status for it. */
  int refused(Answer answer) {
    String message =
        answer.body().path("error").path("message").asText("status " + answer.status());
    line().getErr().println("weir: " + message);
    return answer.status() == BAD_REQUEST ? 2 : 1;
  }

  /** Prints {@code done} or why not. */
  int say(Answer answer, String done) {
    if (answer.isRefused()) {
      return refused(answer);
    }
    line().getOut().println(done);
    return 0;
  }

  private CommandLine line() {
    if (mixee == null) {
      throw new IllegalStateException("not mixed into a command");
    }
    return mixee.commandLine();
  }
}
