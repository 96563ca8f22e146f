package dev.weir.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.capacity.BreakEven;
import dev.weir.capacity.Capacity;
import dev.weir.capacity.CapacityReport;
import dev.weir.capacity.Rate;
import dev.weir.capacity.TokenQuota;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the admin API shows of capacity, as JSON; what is unknown is null. */
final class CapacityJson {

  private static final int MICRO = 6;

  private CapacityJson() {}

  static ObjectNode of(CapacityReport report) {
    ObjectNode json =
        Json.object().put("from", report.from().toString()).put("to", report.to().toString());
    var targets = json.putArray("targets");
    report.targets().forEach(target -> targets.add(of(target)));
    return json;
  }

  private static ObjectNode of(CapacityReport.OfTarget target) {
    ObjectNode json = Json.object().put("target", target.target());
    OptionalLong requests =
        target.capacity().map(Capacity::requestsPerMinute).orElse(OptionalLong.empty());
    OptionalLong tokens =
        target.capacity().flatMap(Capacity::tokens).stream()
            .mapToLong(TokenQuota::perMinute)
            .findFirst();
    json.set("requestsPerMinute", of(target.requests(), requests));
    json.set("tokensPerMinute", of(target.tokens(), tokens));
    json.put("onDemandUsd", Json.usd(target.cost().picoUsd()));
    json.set("provisioned", target.breakEven().map(CapacityJson::of).orElse(null));
    return json;
  }

  private static ObjectNode of(Rate rate, OptionalLong quota) {
    ObjectNode json = Json.object();
    json.put("peak", rate.peak());
    json.put("p95", rate.p95());
    json.put("quota", boxed(quota));
    json.put("peakPercent", percent(rate.peak(), quota));
    json.put("p95Percent", percent(rate.p95(), quota));
    return json;
  }

  private static ObjectNode of(BreakEven weighed) {
    return Json.object()
        .put("unitUsdPerMonth", usd(weighed.unitMicroUsd()))
        .put("onDemandUsdPerMonth", usd(weighed.onDemandMicroUsd()))
        .put("unitsForPeak", weighed.unitsForPeak())
        .put("loadTokensPerMinute", weighed.loadPerMinute())
        .put("breakEvenTokensPerMinute", boxed(weighed.breakEvenPerMinute()))
        .put("unitTokensPerMinute", weighed.mostPerMinute())
        .put("pays", weighed.pays())
        .put("canPay", weighed.canPay());
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.stream().boxed().findFirst().orElse(null);
  }

  /** One decimal, up: never less than it is. */
  private static @Nullable BigDecimal percent(long used, OptionalLong quota) {
    return quota.stream()
        .mapToObj(most ->
            BigDecimal.valueOf(used)
                .movePointRight(2)
                .divide(BigDecimal.valueOf(most), 1, RoundingMode.UP))
        .findFirst()
        .orElse(null);
  }

  private static String usd(long microUsd) {
    return BigDecimal.valueOf(microUsd, MICRO).toPlainString();
  }
}
