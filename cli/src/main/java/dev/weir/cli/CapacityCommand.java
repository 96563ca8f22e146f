package dev.weir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cli.Deployment.Answer;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code weir capacity}: how much of the quotas is used, and what Provisioned Throughput costs. */
@Command(
    name = "capacity",
    mixinStandardHelpOptions = true,
    description =
        "Peak and 95th percentile of each target by the minute against its quota, and the"
            + " break-even of Provisioned Throughput, from the ledger.")
final class CapacityCommand implements Callable<Integer> {

  private static final String UNKNOWN = "-";

  @ParentCommand Weir weir = Weir.UNWIRED;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--days",
      defaultValue = "7",
      description = "UTC days to look at, today's the last: 1 to 31. Default: 7.")
  int days = 7;

  @Mixin Deployment deployment = new Deployment();

  @Override
  public Integer call() {
    deployment.needsLedger();
    Answer answer =
        deployment.ask(
            weir,
            "GET",
            List.of("capacity"),
            Map.of("days", Integer.toString(days)),
            Map.of(),
            Optional.empty());
    if (answer.isRefused()) {
      return deployment.refused(answer);
    }
    PrintWriter out = spec.commandLine().getOut();
    line(out, "target", "per minute", "peak", "p95", "quota", "peak%", "p95%");
    for (JsonNode target : answer.body().path("targets")) {
      rate(out, target, "requests", target.path("requestsPerMinute"));
      rate(out, target, "tokens", target.path("tokensPerMinute"));
    }
    for (JsonNode target : answer.body().path("targets")) {
      if (target.hasNonNull("provisioned")) {
        out.println(advice(target.path("target").asText(), target.path("provisioned")));
      }
    }
    return 0;
  }

  private static void rate(PrintWriter out, JsonNode target, String what, JsonNode rate) {
    line(
        out,
        target.path("target").asText(),
        what,
        rate.path("peak").asText(),
        rate.path("p95").asText(),
        known(rate.path("quota")),
        known(rate.path("peakPercent")),
        known(rate.path("p95Percent")));
  }

  private static String known(JsonNode figure) {
    return figure.isNull() ? UNKNOWN : figure.asText();
  }

  private static void line(PrintWriter out, Object... figures) {
    out.printf("%-50s %-10s %12s %12s %12s %8s %8s%n", figures);
  }

  private static String advice(String target, JsonNode provisioned) {
    BigDecimal unit = new BigDecimal(provisioned.path("unitUsdPerMonth").asText());
    long units = provisioned.path("unitsForPeak").asLong();
    return "%s: at this load 1 model unit costs %s USD a month against %s on demand; %s; %s"
        .formatted(
            target,
            usd(unit),
            usd(new BigDecimal(provisioned.path("onDemandUsdPerMonth").asText())),
            breakEven(provisioned),
            "the peak takes %d for %s: %s"
                .formatted(
                    units,
                    usd(unit.multiply(BigDecimal.valueOf(units))),
                    provisioned.path("pays").asBoolean() ? "buy" : "stay on demand"));
  }

  private static String breakEven(JsonNode provisioned) {
    if (!provisioned.path("canPay").asBoolean()) {
      return "no break-even, for a unit does %s tokens a minute at most"
          .formatted(provisioned.path("unitTokensPerMinute").asText());
    }
    return "break-even at %s tokens a minute around the clock (now %s, a unit does %s)"
        .formatted(
            provisioned.path("breakEvenTokensPerMinute").asText(),
            provisioned.path("loadTokensPerMinute").asText(),
            provisioned.path("unitTokensPerMinute").asText());
  }

  private static String usd(BigDecimal amount) {
    return amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
  }
}
