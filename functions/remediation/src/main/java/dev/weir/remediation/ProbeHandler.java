package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.Endpoint;
import dev.weir.remediation.EndpointCalls.Sample;
import dev.weir.remediation.EndpointCalls.Target;
import dev.weir.remedy.probe.Probe;
import dev.weir.remedy.probe.Probe.Goal;
import dev.weir.store.Item;
import dev.weir.store.RemediationTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Asks an endpoint by synthetic requests whether it answers, or keeps asking until it is warm.
 *
 * <p>Without a sample in the event it takes the one kept for the endpoint in the remediation table
 * ({@code PROBE}/{@code endpoint/NAME}: {@code body}, {@code contentType}, {@code expect}, {@code
 * component}, {@code targetModel}), and without that an empty JSON object: then a container that
 * refuses it serves all the same.
 */
public final class ProbeHandler implements RequestStreamHandler {

  private static final String PROBES = "SAGEMAKER_PROBES";
  private static final int REQUESTS = 5;
  private static final int GOOD = 4;
  private static final int BUDGET_MILLIS = 5000;
  private static final int WARM_UP_REQUESTS = 50;

  /** SageMaker lets a model answer for so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Kept to write the reply and to end. */
  private static final int RESERVE_MILLIS = 2000;

  private final EndpointCalls calls;
  private final RemediationTable table;
  private final Log log;

  /** Wired from the function's environment variables. */
  public ProbeHandler() {
    this(new Wiring("probe"));
  }

  private ProbeHandler(Wiring wiring) {
    this(
        new EndpointCalls(
            endpoint(wiring.environment()), DefaultCredentialsProvider.builder().build()),
        wiring.table(),
        wiring.log());
  }

  /** Where probes may be sent elsewhere than requests are, so that emulators can share them out. */
  private static Endpoint endpoint(Map<String, String> environment) {
    String variable =
        environment.containsKey("AWS_ENDPOINT_URL_" + PROBES) ? PROBES : "SAGEMAKER_RUNTIME";
    return Endpoint.of("runtime.sagemaker", variable, environment);
  }

  ProbeHandler(EndpointCalls calls, RemediationTable table, Log log) {
    this.calls = calls;
    this.table = table;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Ask ask = Ask.read(event);
    String endpoint = ask.name("endpoint");
    Goal goal = goal(ask);
    Optional<Item> kept =
        ask.has("sample") ? Optional.empty() : table.find("PROBE", "endpoint/" + endpoint);
    Sample sample = sample(ask, kept);
    Target target =
        new Target(
            endpoint,
            ask.find("variant"),
            ask.find("targetModel").or(() -> kept.flatMap(item -> item.findText("targetModel"))),
            ask.find("component").or(() -> kept.flatMap(item -> item.findText("component"))));
    Probe probe = new Probe(goal);
    boolean late = false;
    while (probe.goesOn() && !late) {
      int left = context.getRemainingTimeInMillis() - RESERVE_MILLIS;
      late = left <= 0;
      if (!late) {
        Duration patience = Duration.ofMillis(Math.min(left, PATIENCE.toMillis()));
        probe.add(calls.ask(target, sample, patience));
      }
    }
    Ask.write(reply(probe.result(), late, target), out);
  }

  private static Goal goal(Ask ask) {
    int budget = ask.whole("budgetMillis", BUDGET_MILLIS);
    String mode = ask.find("mode").orElse("answers");
    return switch (mode) {
      case "answers" -> new Goal.Answers(ask.whole("n", REQUESTS), ask.whole("k", GOOD), budget);
      case "warm-up" ->
          new Goal.Warm(ask.whole("n", WARM_UP_REQUESTS), ask.whole("k", Probe.LAST), budget);
      default -> throw new IllegalArgumentException("mode is answers or warm-up, not " + mode);
    };
  }

  private static Sample sample(Ask ask, Optional<Item> kept) {
    if (ask.has("sample")) {
      Ask sample = ask.part("sample");
      return sample(
          sample.find("contentType"), sample.find("body").orElse(""), sample.find("expect"));
    }
    return kept.isPresent()
        ? sample(
            kept.get().findText("contentType"),
            kept.get().text("body"),
            kept.get().findText("expect"))
        : new Sample("application/json", "{}".getBytes(UTF_8), Optional.empty(), true);
  }

  private static Sample sample(Optional<String> type, String body, Optional<String> expect) {
    return new Sample(type.orElse("application/json"), body.getBytes(UTF_8), expect, false);
  }

  private ObjectNode reply(Probe.Result result, boolean late, Target target) {
    log.write(
        Line.info("probed")
            .with("endpoint", target.endpoint())
            .with("ok", result.ok())
            .with("tried", result.tried())
            .with("good", result.good())
            .with("p95Millis", result.p95Millis())
            .with("reasons", result.reasons().keySet().stream().sorted().toList()));
    ObjectNode reply =
        Ask.object()
            .put("ok", result.ok())
            .put("tried", result.tried())
            .put("good", result.good())
            .put("p95Millis", result.p95Millis());
    var reasons = reply.putArray("reasons");
    result.reasons().keySet().stream().sorted().forEach(reasons::add);
    if (late) {
      reasons.add("NO_TIME");
    }
    return reply;
  }
}
