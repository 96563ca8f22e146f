package dev.weir.cli;

import dev.weir.audit.AuditLog;
import dev.weir.audit.Chains;
import dev.weir.audit.SegmentedLog;
import dev.weir.audit.Verifier;
import dev.weir.door.Ids;
import dev.weir.killswitch.Switches;
import dev.weir.store.AuditTable;
import dev.weir.store.DynamoDb;
import dev.weir.store.LedgerTable;
import dev.weir.store.SwitchTable;
import dev.weir.telemetry.Log;
import dev.weir.tenant.TenantDirectory;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * {@code weir}: tenants and keys of one deployment. It writes the tenants table with the caller's
 * own AWS credentials, Region and endpoint.
 */
@Command(
    name = "weir",
    mixinStandardHelpOptions = true,
    version = "weir 0.1.0",
    description = "Tenants, keys, switches, usage and audit of one Weir deployment.",
    subcommands = {
      TenantCommands.class,
      KeyCommands.class,
      SwitchCommands.class,
      UsageCommand.class,
      AuditCommands.class
    })
public final class Weir {

  /** Stands in each subcommand until the command line has put itself there. */
  static final Weir UNWIRED =
      new Weir(() -> {
        throw new IllegalStateException("the command has no parent");
      });

  private final Supplier<DynamoDbClient> dynamo;

  Weir(Supplier<DynamoDbClient> dynamo) {
    this.dynamo = dynamo;
  }

  /** The directory of one tenants table. */
  TenantDirectory directory(String table) {
    return TenantDirectory.of(dynamo.get(), table, Clock.systemUTC(), new SecureRandom());
  }

  /** The switches beside one tenants table. */
  Switches switches(String table) {
    return new Switches(new SwitchTable(dynamo.get(), table));
  }

  /** One ledger table, to read. */
  LedgerTable ledger(String table) {
    return new LedgerTable(dynamo.get(), table, Duration.ZERO);
  }

  /** What verifies the chains of one audit table. */
  Verifier verifier(String table) {
    return new Verifier(new AuditTable(dynamo.get(), table), Clock.systemUTC());
  }

  /** What keeps changes in one audit table; to be closed. */
  AuditLog audit(String table) {
    Log log = new Log(System.err, Clock.systemUTC(), "Weir", Map.of());
    return new SegmentedLog(chains(table), Clock.systemUTC(), log);
  }

  /**
   * The chains of one audit table, to write; entries are kept for $WEIR_AUDIT_DAYS, or for ever.
   */
  Chains chains(String table) {
    SecureRandom random = new SecureRandom();
    return new Chains(
        new AuditTable(dynamo.get(), table),
        auditRetention(),
        Clock.systemUTC(),
        Ids.segments(random),
        random);
  }

  private static Optional<Duration> auditRetention() {
    return Optional.ofNullable(System.getenv("WEIR_AUDIT_DAYS"))
        .map(Long::parseLong)
        .filter(days -> days > 0)
        .map(Duration::ofDays);
  }

  static CommandLine commandLine(Supplier<DynamoDbClient> dynamo, PrintWriter out) {
    CommandLine line = new CommandLine(new Weir(dynamo));
    line.setOut(out);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("weir: " + failure.getMessage());
      return 1;
    });
    return line;
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    System.exit(
        commandLine(() -> new DynamoDb(System.getenv()).standard(), out).execute(arguments));
  }
}
