package dev.weir.remediation;

import dev.weir.door.Ids;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.http.Topic;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.StepFunctions;
import dev.weir.store.DynamoDb;
import dev.weir.store.ObjectReader;
import dev.weir.store.RemediationTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** What the functions of this family are made of, put together once per environment. */
final class Wiring {

  private final Map<String, String> environment = System.getenv();
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
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

  /** The questions to people. */
  Approvals approvals() {
    return new Approvals(
        table(),
        new StepFunctions(service("states", "SFN")),
        environment.getOrDefault("WEIR_APPROVAL_BY_ANOTHER", "on").equals("on"),
        clock,
        random);
  }

  /** Where people are asked. */
  Topic topic() {
    return new Topic(service("sns", "SNS"), environment.getOrDefault("APPROVAL_TOPIC", ""));
  }

  Supplier<String> requestIds() {
    return Ids.requests(random);
  }

  private ServiceCall service(String name, String variable) {
    return new ServiceCall(
        name,
        Endpoint.of(name, variable, environment),
        DefaultCredentialsProvider.builder().build());
  }

  /** The bucket of captured data and data sets; empty where the stack has none. */
  Optional<ObjectReader> bucket() {
    return Optional.of(environment.getOrDefault("WEIR_DRIFT_BUCKET", ""))
        .filter(name -> !name.isEmpty())
        .map(name -> new ObjectReader(name, environment));
  }
}
