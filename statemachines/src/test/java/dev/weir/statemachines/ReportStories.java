package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.state.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reports that schedules ask for. */
final class ReportStories {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String REPORTED = "REPORTED(SCHEDULED)";

  private ReportStories() {}

  static Stream<Story> all() {
    return Stream.of(
        told("a forecast of two endpoints", rig -> forecast(fleet(rig)), REPORTED),
        told(
            "a forecast of more endpoints than are looked at",
            rig -> {
              IntStream.range(0, 101)
                  .forEach(i ->
                      rig.world.put(
                          Kind.ENDPOINT, "e-" + i, Rig.json("{'EndpointStatus':'InService'}")));
              forecast(rig);
            },
            REPORTED),
        told("a plan for two endpoints", rig -> plan(fleet(rig)), REPORTED),
        told(
            "a plan for more endpoints than are looked at",
            rig -> {
              IntStream.range(0, 101)
                  .forEach(i ->
                      rig.world.put(
                          Kind.ENDPOINT, "e-" + i, Rig.json("{'EndpointStatus':'InService'}")));
              plan(rig);
            },
            REPORTED));
  }

  /** Starts the plan of sizes. */
  static Rig plan(Rig rig) {
    rig.start("right-size", Rig.json("{}"));
    return rig;
  }

  /** A fortnight of hours of one metric of chat. */
  static void measured(Rig rig, String metric, double value) {
    String namespace = metric.equals("Invocations") ? "AWS/SageMaker" : "/aws/sagemaker/Endpoints";
    for (int hour = 1; hour <= 336; hour++) {
      rig.world.metric(
          namespace,
          metric,
          Map.of("EndpointName", "chat", "VariantName", "AllTraffic"),
          rig.time.instant().minus(Duration.ofHours(hour)).plusSeconds(60),
          value);
    }
  }

  /** An endpoint with a price and one without. */
  static Rig fleet(Rig rig) {
    rig.endpoint("chat", 2);
    rig.call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'odd-config','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model','ServerlessConfig':{'MemorySizeInMB':2048,'MaxConcurrency':5}}]}");
    rig.time.advance(Duration.ofMinutes(1));
    rig.call("CreateEndpoint", "{'EndpointName':'chat-odd','EndpointConfigName':'odd-config'}");
    rig.time.advance(Duration.ofMinutes(10));
    return rig;
  }

  /** Starts the forecast; whose function knows a year of calls of chat, and nothing else. */
  static Rig forecast(Rig rig) {
    rig.functions.put("forecast", ReportStories::foretell);
    rig.start("capacity-forecast", Rig.json("{'horizonDays':120}"));
    return rig;
  }

  private static JsonNode foretell(JsonNode ask) {
    double rate = ask.path("rate").asDouble();
    if (!ask.at("/metric/dimensions/EndpointName").asText().equals("chat")) {
      return Rig.json("{'forecast':'INSUFFICIENT','observedDays':12,'neededDays':60,'unit':'x'}");
    }
    String bands = "{'expected':%s,'low80':%s,'high80':%s,'low95':%s,'high95':%s}";
    return Rig.json(
        "{'forecast':'EXPECTED','model':'HOLT_WINTERS','error':6,'naiveError':9,'observedDays':365,'outliers':1,'rate':%s,'currency':'USD','peak':{'date':'2026-04-03'},'months':[{'month':'2026-03','days':30,'units':%s,'money':%s}],'days':[]}"
            .formatted(
                rate,
                bands.formatted(3600, 3000, 4200, 2400, 4800),
                bands.formatted(3600 * rate, 3000 * rate, 4200 * rate, 2400 * rate, 4800 * rate)));
  }

  private static Story told(String name, Consumer<Rig> told, String... rows) {
    return new Story(name, HOUR, told, List.of(rows));
  }
}
