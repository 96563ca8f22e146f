package dev.weir.inference;

import dev.weir.api.ModelCard;
import dev.weir.api.ModelListWriter;
import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.route.ModelCatalog;
import dev.weir.tenant.Tenant;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code GET /v1/models} and {@code GET /v1/models/{id}}: the catalog's models, as far as the key's
 * allow-list goes.
 */
public final class ModelsHandler extends Door {

  private final ModelCatalog catalog;
  private final TenantDirectory tenants;
  private final InstantSource clock;

  /** Wired from the function's environment variables. */
  public ModelsHandler() {
    this(Wiring.fromEnvironment());
  }

  private ModelsHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.catalog = wiring.catalog();
    this.tenants = wiring.directory();
    this.clock = wiring.clock();
    wiring.announce("models");
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    Optional<Tenant.Key> key =
        tenants
            .tenant(exchange.request().authorized("tenantId"))
            .flatMap(tenant ->
                Optional.ofNullable(tenant.keys().get(exchange.request().authorized("keyId"))))
            .filter(found -> found.isValid(clock.instant()));
    if (key.isEmpty()) {
      exchange.problem(Problem.invalidKey(), Map.of());
      return;
    }
    String id = exchange.request().pathParameters().get("id");
    if (id == null) {
      list(exchange, key.get());
    } else {
      one(exchange, key.get(), id);
    }
  }

  private void list(Exchange exchange, Tenant.Key key) throws IOException {
    List<ModelCard> cards = cards().filter(card -> key.allows(card.id())).toList();
    exchange.json(200, Map.of(), ModelListWriter.bytes(cards));
  }

  private void one(Exchange exchange, Tenant.Key key, String id) throws IOException {
    Optional<ModelCard> card =
        cards().filter(each -> each.id().equals(id) && key.allows(id)).findFirst();
    if (card.isPresent()) {
      exchange.json(200, Map.of(), ModelListWriter.bytes(card.get()));
    } else {
      exchange.problem(Problem.unknownModel(id), Map.of());
    }
  }

  private Stream<ModelCard> cards() {
    return Stream.concat(
        catalog.all().stream()
            .map(model -> new ModelCard(model.id(), model.createdSeconds(), model.ownedBy())),
        catalog.embeddings().stream()
            .map(model -> new ModelCard(model.id(), model.createdSeconds(), model.ownedBy())));
  }
}
