package dev.weir.cli;

import picocli.CommandLine.Option;

/** Which deployment. */
final class TableOption {

  @Option(
      names = "--table",
      required = true,
      defaultValue = "${env:TENANTS_TABLE}",
      description = "The stack's TenantsTableName output (default: $TENANTS_TABLE).")
  String table = "";
}
