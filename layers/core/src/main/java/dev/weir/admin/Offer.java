package dev.weir.admin;

import dev.weir.endpoint.EndpointCatalog;
import dev.weir.route.ModelCatalog;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the deployment offers to keys.
 *
 * @param endpoints names of SageMaker endpoints, which allow-lists name beside models
 */
public record Offer(ModelCatalog models, Collection<String> endpoints) {

  /** Reads the catalog's folder. */
  public static Offer read(Path folder) {
    ModelCatalog models = ModelCatalog.read(folder);
    return new Offer(models, EndpointCatalog.read(folder, models.guards()).ids());
  }

  /** Everything an allow-list may name. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(endpoints);
    models.all().forEach(model -> names.add(model.id()));
    return names;
  }
}
