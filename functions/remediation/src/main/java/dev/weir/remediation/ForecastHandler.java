package dev.weir.remediation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.Endpoint;
import dev.weir.http.ServiceCall;
import dev.weir.remediation.MetricData.Metric;
import dev.weir.remedy.forecast.DailySeries;
import dev.weir.remedy.forecast.DailySeries.Point;
import dev.weir.remedy.forecast.Forecast;
import dev.weir.remedy.forecast.Forecast.Day;
import dev.weir.remedy.forecast.Forecast.Expected;
import dev.weir.remedy.forecast.Forecast.Insufficient;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Foretells a metric of CloudWatch for three to six months, by day and month, in units and money.
 */
public final class ForecastHandler implements RequestStreamHandler {

  /** CloudWatch keeps hours for 455 days. */
  private static final int LONGEST_PAST = 455;

  private static final int HORIZON = 120;

  private final MetricData metrics;
  private final InstantSource clock;
  private final Log log;

  /** Wired from the function's environment variables. */
  public ForecastHandler() {
    this(new Wiring("forecast"));
  }

  private ForecastHandler(Wiring wiring) {
    this(
        new MetricData(
            new ServiceCall(
                "monitoring",
                Endpoint.of("monitoring", "CLOUDWATCH", wiring.environment()),
                DefaultCredentialsProvider.builder().build())),
        wiring.clock(),
        wiring.log());
  }

  ForecastHandler(MetricData metrics, InstantSource clock, Log log) {
    this.metrics = metrics;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context)
      throws IOException {
    Ask ask = Ask.read(event);
    Ask of = ask.part("metric");
    Metric metric =
        new Metric(
            of.text("namespace"),
            of.text("name"),
            of.pairs("dimensions"),
            of.find("statistic").orElse("Sum"));
    int days = ask.whole("days", LONGEST_PAST);
    if (days < 1 || days > LONGEST_PAST) {
      throw new IllegalArgumentException("days are 1 to " + LONGEST_PAST);
    }
    // Today is not over, so its hours are no day.
    Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    List<Point> hours = metrics.hours(metric, today.minus(days, ChronoUnit.DAYS), today);
    Forecast forecast =
        hours.isEmpty()
            ? new Insufficient(0, Forecast.FEWEST_DAYS)
            : Forecast.of(DailySeries.of(hours), ask.whole("horizonDays", HORIZON));
    ObjectNode reply =
        switch (forecast) {
          case Insufficient(int observed, int needed) ->
              Ask.object()
                  .put("forecast", "INSUFFICIENT")
                  .put("observedDays", observed)
                  .put("neededDays", needed);
          case Expected expected -> expected(expected, ask);
        };
    reply.put("unit", ask.find("unit").orElse(metric.name()));
    log.write(
        Line.info("foretold")
            .with("metric", metric.name())
            .with("forecast", reply.path("forecast").asText()));
    Ask.write(reply, out);
  }

  private static ObjectNode expected(Expected forecast, Ask ask) {
    double rate = ask.number("rate", 0);
    ObjectNode reply =
        Ask.object()
            .put("forecast", "EXPECTED")
            .put("model", forecast.model())
            .put("error", forecast.error())
            .put("naiveError", forecast.naiveError())
            .put("observedDays", forecast.past().observed())
            .put("outliers", forecast.past().outliers())
            .put("rate", rate)
            .put("currency", ask.find("currency").orElse("USD"));
    write(reply.putObject("peak").put("date", forecast.peak().date().toString()), forecast.peak());
    var months = reply.putArray("months");
    byMonth(forecast)
        .forEach((month, inMonth) -> {
          ObjectNode entry =
              months.addObject().put("month", month.toString()).put("days", inMonth.size());
          write(entry.putObject("units"), Expected.sum(inMonth, 1));
          write(entry.putObject("money"), Expected.sum(inMonth, rate));
        });
    var days = reply.putArray("days");
    forecast.days().forEach(day -> write(days.addObject().put("date", day.date().toString()), day));
    return reply;
  }

  private static Map<YearMonth, List<Day>> byMonth(Expected forecast) {
    return forecast.days().stream()
        .collect(
            Collectors.groupingBy(
                day -> YearMonth.from(day.date()), TreeMap::new, Collectors.toList()));
  }

  private static void write(ObjectNode json, Day day) {
    json.put("expected", round(day.expected()))
        .put("low80", round(day.low80()))
        .put("high80", round(day.high80()))
        .put("low95", round(day.low95()))
        .put("high95", round(day.high95()));
  }

  /** Six digits are more than a forecast knows, and keep the reply short. */
  private static double round(double value) {
    return new BigDecimal(value, new MathContext(6)).doubleValue();
  }
}
