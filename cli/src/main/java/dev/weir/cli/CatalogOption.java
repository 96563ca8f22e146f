package dev.weir.cli;

import dev.weir.endpoint.EndpointCatalog;
import dev.weir.route.Model;
import dev.weir.route.ModelCatalog;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which models and endpoints there are. */
final class CatalogOption {

  @Option(
      names = "--catalog",
      required = true,
      defaultValue = "${env:WEIR_CATALOG}",
      description = "The folder of the deployment's models.json (default: $WEIR_CATALOG).")
  Path folder = Path.of("");

  /**
   * These models and endpoints, all of which the catalog has.
   *
   * @throws ParameterException naming those that it has
   */
  Set<String> only(List<String> wanted, CommandSpec command) {
    Set<String> models = new LinkedHashSet<>(wanted);
    if (models.isEmpty()) {
      return models;
    }
    Set<String> known = new TreeSet<>();
    ModelCatalog catalog = ModelCatalog.read(folder);
    catalog.all().stream().map(Model::id).forEach(known::add);
    known.addAll(EndpointCatalog.read(folder, catalog.guards()).ids());
    for (String model : models) {
      if (!known.contains(model)) {
        throw new ParameterException(
            command.commandLine(),
            "--model must be one of %s, not %s".formatted(String.join(", ", known), model));
      }
    }
    return models;
  }
}
