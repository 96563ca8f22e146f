package dev.weir.cli;

import dev.weir.admin.AdminApi;
import dev.weir.admin.AdminReply;
import dev.weir.admin.AdminRequest;
import dev.weir.admin.Caller;
import dev.weir.admin.RemediationRoom;
import dev.weir.admin.Rooms;
import dev.weir.audit.AuditLog;
import dev.weir.audit.Chains;
import dev.weir.audit.SegmentedLog;
import dev.weir.audit.Verifier;
import dev.weir.door.Ids;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.http.Signing;
import dev.weir.killswitch.Switches;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.StepFunctions;
import dev.weir.remedy.rule.Guard;
import dev.weir.store.AuditTable;
import dev.weir.store.DynamoDb;
import dev.weir.store.LedgerTable;
import dev.weir.store.RemediationTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.TenantDirectory;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * {@code weir}: the admin API at the command line. It asks the deployment's tables with the
 * caller's own AWS credentials, Region and endpoint, and so needs no part of the gateway to run;
 * with {@code --url} it asks the admin routes.
 */
@Command(
    name = "weir",
    mixinStandardHelpOptions = true,
    version = "weir 0.1.0",
    description =
        "Tenants, keys, switches, usage, capacity, audit and remediation of one Weir deployment.",
    subcommands = {
      TenantCommands.class,
      KeyCommands.class,
      SwitchCommands.class,
      UsageCommand.class,
      CapacityCommand.class,
      BudgetCommand.class,
      RoutesCommand.class,
      AuditCommands.class,
      IncidentsCommand.class,
      IncidentCommand.class,
      RemediationCommands.class,
      ApprovalCommands.ListOpen.class,
      ApprovalCommands.Approve.class,
      ApprovalCommands.Deny.class
    })
public final class Weir {

  /** Stands in each subcommand until the command line has put itself there. */
  static final Weir UNWIRED =
      new Weir(
          () -> {
            throw new IllegalStateException("the command has no parent");
          },
          url -> {
            throw new IllegalStateException("the command has no parent");
          },
          () -> {
            throw new IllegalStateException("the command has no parent");
          },
          Clock.systemUTC());

  private final Supplier<DynamoDbClient> dynamo;
  private final Function<URI, Way> routes;
  private final Supplier<ServiceCall> states;
  private final Clock clock;

  /**
   * @param states Step Functions, asked for only where remediation is
   */
  Weir(
      Supplier<DynamoDbClient> dynamo,
      Function<URI, Way> routes,
      Supplier<ServiceCall> states,
      Clock clock) {
    this.dynamo = dynamo;
    this.routes = routes;
    this.states = states;
    this.clock = clock;
  }

  /** The way through the admin routes. */
  Way routes(URI url) {
    return routes.apply(url);
  }

  /** The way straight to the tables; the remediation's only where it is asked for. */
  Way tables(Deployment deployment, boolean isRemediation) {
    SecureRandom random = new SecureRandom();
    DynamoDbClient client = dynamo.get();
    Log unheard =
        new Log(new PrintStream(OutputStream.nullOutputStream()), clock, "Weir", Map.of());
    AuditLog audit = audit(deployment.auditTable());
    AdminApi api =
        new AdminApi(
            new Rooms(
                TenantDirectory.of(client, deployment.table, clock, random),
                new Switches(new SwitchTable(client, deployment.table)),
                new LedgerTable(client, deployment.ledger, Duration.ZERO),
                deployment::offer,
                true,
                audit,
                deployment.auditTable().map(this::verifier),
                isRemediation
                    ? Optional.of(remediation(client, deployment, random))
                    : Optional.empty(),
                unheard,
                clock));
    Caller caller = new Caller(deployment.operator, Ids.requests(random).get());
    return new Way() {
      @Override
      public AdminReply send(AdminRequest request) {
        return api.serve(request, caller);
      }

      @Override
      public void close() {
        audit.close();
      }
    };
  }

  /** The brake of the monthly budget, in one remediation table. */
  BudgetBrake budgetBrake(Deployment deployment) {
    return new BudgetBrake(
        new RemediationTable(dynamo.get(), deployment.remediationTable()), clock);
  }

  private RemediationRoom remediation(
      DynamoDbClient client, Deployment deployment, SecureRandom random) {
    RemediationTable table = new RemediationTable(client, deployment.remediation);
    ServiceCall machines = states.get();
    boolean byAnother = deployment.byAnother == Deployment.Setting.ON;
    return new RemediationRoom(
        table,
        new Approvals(table, new StepFunctions(machines), byAnother, clock, random),
        new Guard(machines, deployment.guard));
  }

  /** What verifies the chains in one ledger table. */
  Verifier verifier(String table) {
    return new Verifier(new AuditTable(dynamo.get(), table), clock);
  }

  /** What keeps changes in one ledger table; to be closed. */
  private AuditLog audit(Optional<String> table) {
    return table
        .<AuditLog>map(name ->
            new SegmentedLog(chains(name), clock, new Log(System.err, clock, "Weir", Map.of())))
        .orElse(AuditLog.OFF);
  }

  /**
   * The chains in one ledger table, to write; entries are kept for $WEIR_AUDIT_DAYS, or for ever.
   */
  Chains chains(String table) {
    SecureRandom random = new SecureRandom();
    return new Chains(
        new AuditTable(dynamo.get(), table), auditRetention(), clock, Ids.segments(random), random);
  }

  private static Optional<Duration> auditRetention() {
    return Optional.ofNullable(System.getenv("WEIR_AUDIT_DAYS"))
        .map(Long::parseLong)
        .filter(days -> days > 0)
        .map(Duration::ofDays);
  }

  static CommandLine commandLine(
      Supplier<DynamoDbClient> dynamo,
      Function<URI, Way> routes,
      Supplier<ServiceCall> states,
      Clock clock,
      PrintWriter out) {
    CommandLine line = new CommandLine(new Weir(dynamo, routes, states, clock));
    line.setOut(out);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("weir: " + failure.getMessage());
      if (failure instanceof SdkClientException) {
        command
            .getErr()
            .println(
                "weir: AWS_REGION, credentials and endpoints say which stack is meant; those of a"
                    + " local run: export $(cat target/local/env target/local/aws)");
      }
      return 1;
    });
    return line;
  }

  private static Way signed(URI url) {
    String region =
        System.getenv().containsKey("AWS_REGION")
            ? System.getenv("AWS_REGION")
            : DefaultAwsRegionProviderChain.builder().build().getRegion().id();
    return new SignedRoutes(
        url, new Signing("execute-api", region, DefaultCredentialsProvider.builder().build()));
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    System.exit(
        commandLine(
                () -> new DynamoDb(System.getenv()).standard(),
                Weir::signed,
                () ->
                    new ServiceCall(
                        "states",
                        Endpoint.of("states", "SFN", System.getenv()),
                        DefaultCredentialsProvider.builder().build()),
                Clock.systemUTC(),
                out)
            .execute(arguments));
  }
}
