package dev.weir.operations;

import dev.weir.admin.AutomaticSwitch;
import dev.weir.admin.Offer;
import dev.weir.admin.RemediationRoom;
import dev.weir.admin.Rooms;
import dev.weir.audit.AuditLog;
import dev.weir.audit.Chains;
import dev.weir.audit.Verifier;
import dev.weir.door.AuditLogs;
import dev.weir.door.Ids;
import dev.weir.door.Settings;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.killswitch.Switches;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.StepFunctions;
import dev.weir.remedy.rule.Guard;
import dev.weir.store.AuditTable;
import dev.weir.store.DynamoDb;
import dev.weir.store.LedgerTable;
import dev.weir.store.NoticeTable;
import dev.weir.store.RemediationTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.TenantDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the doors of this family are made of, put together once per environment. */
final class Wiring {

  private final Settings settings = Settings.read(System.getenv());
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final DynamoDbClient dynamo = new DynamoDb(System.getenv()).standard();
  private final Log log =
      new Log(System.out, clock, "Weir", Map.of("environment", settings.environment()));

  Log log() {
    return log;
  }

  Supplier<String> requestIds() {
    return Ids.requests(random);
  }

  Rooms rooms() {
    Offer offer = Offer.read(settings.catalog());
    return new Rooms(
        tenants(),
        new Switches(new SwitchTable(dynamo, settings.tenantsTable())),
        new LedgerTable(dynamo, settings.ledgerTable(), Duration.ofDays(settings.ledgerDays())),
        () -> offer,
        settings.captureBucket().isPresent(),
        audit(),
        settings.audit().map(_ -> new Verifier(auditTable(), clock)),
        Optional.of(remediation()),
        log,
        clock);
  }

  private RemediationRoom remediation() {
    Map<String, String> environment = System.getenv();
    RemediationTable table =
        new RemediationTable(dynamo, environment.getOrDefault("REMEDIATION_TABLE", ""));
    ServiceCall states =
        new ServiceCall(
            "states",
            Endpoint.of("states", "SFN", environment),
            DefaultCredentialsProvider.builder().build());
    return new RemediationRoom(
        table,
        new Approvals(
            table,
            new StepFunctions(states),
            environment.getOrDefault("WEIR_APPROVAL_BY_ANOTHER", "on").equals("on"),
            clock,
            random),
        new Guard(states, environment.getOrDefault("WEIR_GUARD", "")));
  }

  NoticeTable notices() {
    return new NoticeTable(dynamo, settings.ledgerTable());
  }

  AutomaticSwitch automaticSwitch() {
    return new AutomaticSwitch(
        new Switches(new SwitchTable(dynamo, settings.tenantsTable())), audit(), log, clock);
  }

  TenantDirectory tenants() {
    return TenantDirectory.of(dynamo, settings.tenantsTable(), clock, random);
  }

  private AuditTable auditTable() {
    return new AuditTable(dynamo, settings.ledgerTable());
  }

  private AuditLog audit() {
    return AuditLogs.of(settings.audit(), auditTable(), clock, random, log);
  }

  /** What is audited; empty where nothing is. */
  Optional<Chains> chains() {
    return AuditLogs.chains(settings.audit(), auditTable(), clock, random);
  }

  /** One line at every start. */
  void announce(String door) {
    log.write(Line.info("started").with("door", door));
  }
}
