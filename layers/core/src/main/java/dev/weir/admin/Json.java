package dev.weir.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.audit.Report;
import dev.weir.killswitch.Off;
import dev.weir.ledger.Bill;
import dev.weir.ledger.Price;
import dev.weir.ledger.Usage;
import dev.weir.route.Model;
import dev.weir.route.Target;
import dev.weir.tenant.Configuration;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Spend;
import dev.weir.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the admin API shows, as JSON. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For the audit log: on one line. */
  static String text(Configuration configuration) {
    return put(object(), configuration).toString();
  }

  static ObjectNode of(Tenant tenant, Spend spend) {
    ObjectNode json = object().put("id", tenant.id());
    put(json, tenant.configuration())
        .put("version", tenant.version())
        .put("shards", tenant.shards());
    ArrayNode keys = json.putArray("keys");
    new TreeMap<>(tenant.keys())
        .forEach((id, key) -> {
          ObjectNode row = keys.addObject().put("id", id);
          row.put("expiresAt", key.expiry().map(Instant::toString).orElse(null));
          ArrayNode models = row.putArray("models");
          new TreeSet<>(key.models()).forEach(models::add);
        });
    json.putObject("spend")
        .put("dayMicroUsd", spend.dayMicroUsd())
        .put("monthMicroUsd", spend.monthMicroUsd())
        .put("lifetimeMicroUsd", spend.lifetimeMicroUsd())
        .put("requests", spend.requests())
        .put("tokens", spend.tokens())
        .put("inFlight", spend.inFlight());
    return json;
  }

  private static void put(ObjectNode json, String name, OptionalInt value) {
    if (value.isPresent()) {
      json.put(name, value.getAsInt());
    } else {
      json.putNull(name);
    }
  }

  private static ObjectNode put(ObjectNode json, Configuration configuration) {
    json.put("status", configuration.status().text());
    json.put("estimate", configuration.estimate().text());
    json.put("guard", configuration.guard().orElse(null));
    json.put("atBudget", configuration.atBudget().text());
    json.put("capturedUntil", configuration.capture().map(Instant::toString).orElse(null));
    json.put("sessions", configuration.sessions().isAllowed());
    put(json, "sessionIdleHours", configuration.sessions().idleHours());
    put(json, "sessionDays", configuration.sessions().days());
    Limits limits = configuration.limits();
    ObjectNode bounds = json.putObject("limits");
    for (Limit limit : Limit.values()) {
      OptionalLong value = limit.of(limits);
      if (value.isPresent()) {
        bounds.put(limit.text(), value.getAsLong());
      } else {
        bounds.putNull(limit.text());
      }
    }
    return json;
  }

  static ObjectNode of(Off off) {
    return object()
        .put("switch", off.target().text())
        .put("since", Instant.ofEpochMilli(off.atMillis()).toString())
        .put("by", off.by())
        .put("why", off.why());
  }

  static ObjectNode of(Report report) {
    ObjectNode json =
        object()
            .put("entries", report.entries())
            .put("segments", report.segments())
            .put("open", report.open())
            .put("witness", report.links() + ":" + report.hash());
    report
        .flaw()
        .ifPresentOrElse(
            flaw ->
                json.putObject("flaw")
                    .put("kind", flaw.kind().name().toLowerCase(Locale.ROOT))
                    .put("strand", flaw.strand())
                    .put("entry", flaw.seq())
                    .put("why", flaw.why()),
            () -> json.putNull("flaw"));
    return json;
  }

  static ObjectNode of(Bill bill) {
    ObjectNode json = object();
    ArrayNode lines = json.putArray("lines");
    bill.lines().forEach((name, sum) -> put(lines.addObject().put("name", name), sum));
    put(json.putObject("total"), bill.total());
    return json;
  }

  private static void put(ObjectNode json, Bill.Sum sum) {
    Usage usage = sum.usage();
    json.put("calls", sum.calls())
        .put("inputTokens", usage.inputTokens())
        .put("outputTokens", usage.outputTokens())
        .put("cacheReadTokens", usage.cacheReadTokens())
        .put("cacheWriteTokens", usage.cacheWrite5mTokens() + usage.cacheWrite1hTokens())
        .put("estimatedCalls", sum.estimated())
        .put("usd", usd(sum.cost().picoUsd()))
        .put("cacheSavedUsd", usd(sum.saved().promptCachePicoUsd()))
        .put("cascadeSavedUsd", usd(sum.saved().cascadePicoUsd()));
  }

  static String usd(long picoUsd) {
    return BigDecimal.valueOf(picoUsd, 12).toPlainString();
  }

  static ObjectNode of(Model model) {
    ObjectNode json =
        object()
            .put("model", model.id())
            .put("guard", model.guard().id())
            .put("cache", model.cache().mode().name().toLowerCase(Locale.ROOT))
            .put("attempts", model.fallback().attempts());
    ArrayNode targets = json.putArray("targets");
    for (Target target : model.chain()) {
      Price price = target.price();
      ObjectNode row = targets.addObject().put("id", target.id()).put("kind", target.kind().text());
      row.put("step", target.step().text());
      row.put("contextTokens", target.contextTokens());
      row.put("maxOutputTokens", target.maxOutputTokens());
      row.putObject("price")
          .put("id", price.id())
          .put("inputPicoUsd", price.inputPicoUsd())
          .put("outputPicoUsd", price.outputPicoUsd())
          .put("cacheReadPicoUsd", price.cacheReadPicoUsd())
          .put("source", price.source())
          .put("date", price.date());
    }
    return json;
  }
}
