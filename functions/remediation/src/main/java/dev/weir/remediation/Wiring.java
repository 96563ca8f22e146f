package dev.weir.remediation;

import dev.weir.store.DynamoDb;
import dev.weir.store.ObjectReader;
import dev.weir.store.RemediationTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** What the functions of this family are made of, put together once per environment. */
final class Wiring {

  private final Map<String, String> environment = System.getenv();
  private final Clock clock = Clock.systemUTC();
  private final Log log;

  /**
   * @param function its name in the log
   */
  Wiring(String function) {
    log =
        new Log(
            System.out,
            clock,
            "Weir",
            Map.of("environment", environment.getOrDefault("WEIR_ENVIRONMENT", "dev")));
    log.write(Line.info("started").with("door", function));
  }

  Map<String, String> environment() {
    return environment;
  }

  Clock clock() {
    return clock;
  }

  Log log() {
    return log;
  }

  RemediationTable table() {
    return new RemediationTable(
        new DynamoDb(environment).standard(), environment.getOrDefault("REMEDIATION_TABLE", ""));
  }

  /** The bucket of captured data and data sets; empty where the stack has none. */
  Optional<ObjectReader> bucket() {
    return Optional.of(environment.getOrDefault("WEIR_DRIFT_BUCKET", ""))
        .filter(name -> !name.isEmpty())
        .map(name -> new ObjectReader(name, environment));
  }
}
