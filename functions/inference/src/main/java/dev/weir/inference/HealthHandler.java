package dev.weir.inference;

import dev.weir.door.Door;
import dev.weir.door.Exchange;
import dev.weir.door.Settings;
import dev.weir.inference.HealthReport.Guard;
import dev.weir.killswitch.Switches;
import dev.weir.route.ModelCatalog;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code GET /healthz}: 200 when every guard is armed, else 503. Asks the tenants table, because
 * limits that cannot be read refuse every call.
 */
public final class HealthHandler extends Door {

  /** No tenant's id: ids begin with a letter or digit. */
  private static final String PROBE = "-";

  private final Settings settings;
  private final ModelCatalog catalog;
  private final TenantDirectory tenants;
  private final Switches switches;

  /** Wired from the function's environment variables. */
  public HealthHandler() {
    this(Wiring.fromEnvironment());
  }

  private HealthHandler(Wiring wiring) {
    super(wiring.log(), wiring.requestIds());
    this.settings = wiring.settings();
    this.catalog = wiring.catalog();
    this.tenants = wiring.directory();
    this.switches = wiring.switches();
    wiring.announce("health");
  }

  @Override
  protected void serve(Exchange exchange, int remainingMillis) throws IOException {
    HealthReport report =
        new HealthReport()
            .add("limits", limits())
            .add("switches", switches())
            .add(
                "caps",
                new Guard(
                    true,
                    "%d body bytes, %d prompt tokens, %d output tokens"
                        .formatted(
                            settings.maxBodyBytes(),
                            settings.maxPromptTokens(),
                            settings.maxOutputTokens())))
            .add("catalog", new Guard(true, catalog.all().size() + " models, each with a price"))
            .add("guards", new Guard(true, guards()))
            .add("cache", new Guard(true, settings.cache() ? "on, by tenant" : "off by setting"));
    exchange.json(
        report.isHealthy() ? 200 : 503, Map.of("cache-control", "no-store"), report.json());
  }

  /** How many are off is the operators' business, and not told here. */
  private Guard switches() {
    try {
      switches.off();
      return new Guard(true, "read within 2 s of each call and of each moment of a running one");
    } catch (RuntimeException e) {
      return new Guard(false, "the switches cannot be read: every call is refused");
    }
  }

  private String guards() {
    String sets =
        catalog.guards().all().stream()
            .map(set -> set.id() + "@" + set.version())
            .collect(Collectors.joining(", "));
    return sets
        + settings
            .guardrail()
            .map(ref -> "; Bedrock guardrail " + ref.id() + "@" + ref.version())
            .orElse("; Bedrock guardrail off");
  }

  private Guard limits() {
    try {
      tenants.tenant(PROBE);
      return new Guard(
          true,
          "exact in every rolling 60 s within %d ms of clock error"
              .formatted(settings.limiter().clockError().toMillis()));
    } catch (RuntimeException e) {
      return new Guard(false, "the tenants table cannot be read: every call is refused");
    }
  }
}
