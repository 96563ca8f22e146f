package dev.weir.cli;

import dev.weir.store.DynamoDb;
import dev.weir.tenant.TenantDirectory;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code weir}: tenants and keys of one deployment. It writes the tenants table with the caller's
 * own AWS credentials, Region and endpoint.
 */
@Command(
    name = "weir",
    mixinStandardHelpOptions = true,
    version = "weir 0.1.0",
    description = "Tenants and keys of one Weir deployment.",
    subcommands = {TenantCommands.class, KeyCommands.class})
public final class Weir {

  private final Function<String, TenantDirectory> directories;

  Weir(Function<String, TenantDirectory> directories) {
    this.directories = directories;
  }

  /** The directory of one tenants table. */
  TenantDirectory directory(String table) {
    return directories.apply(table);
  }

  static CommandLine commandLine(Function<String, TenantDirectory> directories, PrintWriter out) {
    CommandLine line = new CommandLine(new Weir(directories));
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
    Function<String, TenantDirectory> directories =
        table ->
            TenantDirectory.of(
                DynamoDb.standard().build(), table, Clock.systemUTC(), new SecureRandom());
    System.exit(commandLine(directories, out).execute(arguments));
  }
}
