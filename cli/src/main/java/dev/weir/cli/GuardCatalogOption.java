package dev.weir.cli;

import dev.weir.guard.GuardSet;
import dev.weir.route.ModelCatalog;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which guard sets there are; asked for only where one is named. */
final class GuardCatalogOption {

  @Option(
      names = "--catalog",
      defaultValue = "${env:WEIR_CATALOG:-}",
      description = "The folder of the deployment's guards.json (default: $WEIR_CATALOG).")
  Path folder = Path.of("");

  /**
   * This guard set, which the catalog has.
   *
   * @throws ParameterException naming those that it has
   */
  String known(String id, CommandSpec command) {
    List<String> known =
        ModelCatalog.read(folder).guards().all().stream().map(GuardSet::id).toList();
    if (!known.contains(id)) {
      throw new ParameterException(
          command.commandLine(),
          "the guard must be one of %s, not %s".formatted(String.join(", ", known), id));
    }
    return id;
  }
}
