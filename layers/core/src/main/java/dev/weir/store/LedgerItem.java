package dev.weir.store;

import dev.weir.audit.AuditedRow;
import dev.weir.ledger.Booked;
import dev.weir.ledger.Cost;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.RetrievalMark;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A ledger row as attributes: an item of its own, or beside the audit entry of its request. Zeros
 * are left out, and what was served where it is what was billed, so that both fit in one write
 * unit.
 */
public final class LedgerItem {

  static final String REQUEST = "request";

  /** Marks a row by itself whose audit entry may hold it too. */
  static final String APART = "apart";

  private static final String COST = "costPicoUsd";

  private LedgerItem() {}

  /** The UTC day on which a row is billed: when its request was admitted. */
  static LocalDate day(LedgerRow row) {
    return day(row.atMillis());
  }

  private static LocalDate day(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** The partition of a tenant's rows of one day. */
  static String partition(String tenantId, LocalDate day) {
    return partition(tenantId, day.toString());
  }

  /** The same, of a day as {@link LocalDate} writes it. */
  static String partition(String tenantId, String day) {
    return tenantId + "#" + day;
  }

  /** A row as an audit entry takes it along. */
  public static AuditedRow audited(LedgerRow row) {
    return new AuditedRow(day(row), ItemText.of(of(row)));
  }

  /** Whether an item of a day's partition holds a row of that day. */
  static boolean isRowOf(LocalDate day, Map<String, AttributeValue> item) {
    return item.containsKey(COST) && day(amount(item, "at")).equals(day);
  }

  /** The id of the request whose row this is. */
  static String requestId(Map<String, AttributeValue> item) {
    return attribute(item, REQUEST).s();
  }

  /** What bills need of a row. */
  static Booked booked(LocalDate day, Map<String, AttributeValue> item) {
    return new Booked(
        day,
        attribute(item, "key").s(),
        attribute(item, "model").s(),
        attribute(item, "outcome").s(),
        item.containsKey("estimated"),
        usage(attribute(item, "billed").m()),
        new Cost(amount(item, COST)),
        saved(item),
        amount(item, "at"),
        hops(item));
  }

  /** One attempt is the row itself, without what guards and the knowledge base cost. */
  private static List<LedgerRow.Hop> hops(Map<String, AttributeValue> item) {
    AttributeValue hops = item.get("hops");
    if (hops != null) {
      return hops.l().stream().map(hop -> LedgerItem.hop(hop.m())).toList();
    }
    int requests = (int) amount(item, "requests");
    if (requests == 0) {
      return List.of();
    }
    AttributeValue retrieval = item.getOrDefault("retrieval", AttributeValue.fromM(Map.of()));
    long aside = amount(item, "guardPicoUsd") + amount(retrieval.m(), COST);
    return List.of(
        new LedgerRow.Hop(
            attribute(item, "target").s(),
            attribute(item, "outcome").s(),
            amount(item, "ms"),
            new Cost(amount(item, COST) - aside),
            usage(attribute(item, "billed").m()),
            requests,
            ""));
  }

  private static LedgerRow.Hop hop(Map<String, AttributeValue> hop) {
    AttributeValue part = hop.getOrDefault("part", string(""));
    return new LedgerRow.Hop(
        attribute(hop, "target").s(),
        attribute(hop, "outcome").s(),
        amount(hop, "ms"),
        new Cost(amount(hop, COST)),
        usage(attribute(hop, "billed").m()),
        (int) Math.max(1, amount(hop, "requests")),
        part.s());
  }

  /** Savings are written only where there is something to say. */
  private static Savings saved(Map<String, AttributeValue> item) {
    return new Savings(amount(item, "cacheSavedPicoUsd"), amount(item, "cascadeSavedPicoUsd"));
  }

  private static long amount(Map<String, AttributeValue> item, String name) {
    AttributeValue amount = item.get(name);
    return amount == null ? 0 : Long.parseLong(amount.n());
  }

  private static Usage usage(Map<String, AttributeValue> counts) {
    return new Usage(
        amount(counts, "in"),
        amount(counts, "out"),
        amount(counts, "cacheRead"),
        amount(counts, "cacheWrite5m"),
        amount(counts, "cacheWrite1h"));
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("a row of the ledger has no " + name);
    }
    return value;
  }

  /** A row, but for its key and its expiry. */
  static Map<String, AttributeValue> of(LedgerRow row) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(REQUEST, string(row.requestId()));
    item.put("at", number(row.atMillis()));
    item.put("ms", number(row.durationMillis()));
    item.put("key", string(row.keyId()));
    item.put("model", string(row.model()));
    item.put("target", string(row.target()));
    item.put("stream", AttributeValue.fromBool(row.stream()));
    item.put("outcome", string(row.outcome()));
    item.put(COST, number(row.cost().picoUsd()));
    item.put("price", string(row.priceId()));
    item.put("priceDate", string(row.priceDate()));
    item.put("billed", usage(row.usage()));
    if (!row.served().equals(row.usage())) {
      item.put("served", usage(row.served()));
    }
    if (row.estimated()) {
      item.put("estimated", AttributeValue.fromBool(true));
    }
    item.put("guards", string(row.guard().versions()));
    item.put("guard", string(row.guard().verdict()));
    putUnlessZero(item, "guardPicoUsd", row.guard().cost().picoUsd());
    putUnlessZero(item, "guardBypasses", row.guard().bypasses());
    row.finishReason().ifPresent(reason -> item.put("finish", string(reason)));
    row.traceId().ifPresent(trace -> item.put("trace", string(trace)));
    putUnlessZero(item, "cacheSavedPicoUsd", row.saved().promptCachePicoUsd());
    putUnlessZero(item, "cascadeSavedPicoUsd", row.saved().cascadePicoUsd());
    item.put("requests", number(row.hops().stream().mapToInt(LedgerRow.Hop::requests).sum()));
    row.cascade().ifPresent(decided -> item.put("cascade", string(decided)));
    if (row.hops().size() > 1) {
      item.put("hops", AttributeValue.fromL(row.hops().stream().map(LedgerItem::hop).toList()));
    }
    row.retrieval().ifPresent(mark -> item.put("retrieval", retrieval(mark)));
    return item;
  }

  private static AttributeValue hop(LedgerRow.Hop hop) {
    Map<String, AttributeValue> attempt = new HashMap<>();
    attempt.put("target", string(hop.target()));
    attempt.put("outcome", string(hop.outcome()));
    attempt.put("ms", number(hop.millis()));
    attempt.put(COST, number(hop.cost().picoUsd()));
    attempt.put("billed", usage(hop.usage()));
    if (hop.requests() > 1) {
      attempt.put("requests", number(hop.requests()));
    }
    if (!hop.part().isEmpty()) {
      attempt.put("part", string(hop.part()));
    }
    return AttributeValue.fromM(attempt);
  }

  private static AttributeValue retrieval(RetrievalMark mark) {
    List<AttributeValue> documents =
        mark.documents().stream()
            .map(document ->
                AttributeValue.fromM(
                    Map.of(
                        "id", string(document.id()),
                        "score", AttributeValue.fromN(score(document.score())))))
            .toList();
    return AttributeValue.fromM(
        Map.of(
            "base",
            string(mark.knowledgeBase()),
            "outcome",
            string(mark.outcome()),
            "permission",
            string(mark.permission()),
            "documents",
            AttributeValue.fromL(documents),
            "ms",
            number(mark.millis()),
            COST,
            number(mark.cost().picoUsd())));
  }

  private static String score(double score) {
    return BigDecimal.valueOf(score).setScale(4, RoundingMode.HALF_UP).toPlainString();
  }

  private static AttributeValue usage(Usage usage) {
    Map<String, AttributeValue> counts = new HashMap<>();
    putUnlessZero(counts, "in", usage.inputTokens());
    putUnlessZero(counts, "out", usage.outputTokens());
    putUnlessZero(counts, "cacheRead", usage.cacheReadTokens());
    putUnlessZero(counts, "cacheWrite5m", usage.cacheWrite5mTokens());
    putUnlessZero(counts, "cacheWrite1h", usage.cacheWrite1hTokens());
    return AttributeValue.fromM(counts);
  }

  private static void putUnlessZero(Map<String, AttributeValue> item, String name, long value) {
    if (value != 0) {
      item.put(name, number(value));
    }
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
