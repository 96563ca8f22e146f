package dev.weir.door;

import dev.weir.admission.LimiterSettings;
import dev.weir.guard.GuardrailRef;
import dev.weir.route.CircuitBreaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment variables of the functions say, checked once at start.
 *
 * @param requestTime longest time one request may take
 * @param firstContent longest wait for a model's first content
 * @param idle longest silence within a model's answer
 * @param heartbeat silence after which a stream gets a comment
 * @param maxBodyBytes largest request body
 * @param maxPromptTokens largest prompt, estimated
 * @param maxOutputTokens largest output cap a client may ask for
 * @param limiter the limiter's lengths of time
 * @param retryBudgetPercent attempts that may be repeated, per hundred calls
 * @param breaker when a target's circuit breaker opens, and for how long
 * @param ledgerDays how long ledger rows are kept
 * @param idempotency how long an answer is kept for its idempotency key
 * @param guardrail the Bedrock guardrail this stack has deployed
 * @param audit where decisions are kept, if they are
 * @param captureBucket where payloads of tenants that want it are kept, if they are
 * @param embeddings how requests for vectors are answered
 * @param sessions whether turns may be kept, how many tokens of them go to a model and how long
 *     they are kept
 */
public record Settings(
    String tenantsTable,
    String responsesTable,
    String ledgerTable,
    Path catalog,
    String environment,
    Duration requestTime,
    Duration firstContent,
    Duration idle,
    Duration heartbeat,
    long maxBodyBytes,
    long maxPromptTokens,
    long maxOutputTokens,
    LimiterSettings limiter,
    boolean cache,
    int retryBudgetPercent,
    CircuitBreaker.Rules breaker,
    int ledgerDays,
    Duration idempotency,
    Optional<GuardrailRef> guardrail,
    Optional<Audit> audit,
    Optional<String> captureBucket,
    Embeddings embeddings,
    SessionSettings sessions) {

  /**
   * That decisions are kept, beside the ledger's rows.
   *
   * @param retention for how long; absent: for ever
   */
  public record Audit(Optional<Duration> retention) {}

  /**
   * How requests for vectors are answered.
   *
   * @param window how long texts of one call wait for those of others; zero: not at all
   * @param parallel requests to embedding models at once, in one environment
   * @param maxReplyBytes largest reply
   */
  public record Embeddings(Duration window, int parallel, long maxReplyBytes) {}

  /** What a probe may take beyond the wait for its first content. */
  private static final Duration PROBE_SLACK = Duration.ofSeconds(5);

  private static final List<Long> SLOT_SECONDS = List.of(1L, 2L, 5L, 10L);

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException naming the variable and its allowed values
   */
  public static Settings read(Map<String, String> environment) {
    Reader read = new Reader(environment);
    long slot = read.number("WEIR_SLOT_SECONDS", 5, 1, 10);
    if (!SLOT_SECONDS.contains(slot)) {
      throw new IllegalArgumentException("WEIR_SLOT_SECONDS must be 1, 2, 5 or 10, not " + slot);
    }
    return new Settings(
        read.text("TENANTS_TABLE"),
        read.text("RESPONSES_TABLE"),
        read.text("LEDGER_TABLE"),
        Path.of(environment.getOrDefault("WEIR_CATALOG", "/opt/catalog")),
        read.oneOf("WEIR_ENVIRONMENT", "dev", List.of("dev", "prod")),
        Duration.ofSeconds(read.number("WEIR_REQUEST_SECONDS", 300, 5, 900)),
        Duration.ofSeconds(read.number("WEIR_FIRST_CONTENT_SECONDS", 60, 1, 300)),
        Duration.ofSeconds(read.number("WEIR_IDLE_SECONDS", 30, 1, 300)),
        Duration.ofSeconds(read.number("WEIR_HEARTBEAT_SECONDS", 10, 1, 60)),
        read.number("WEIR_MAX_BODY_BYTES", 4_000_000, 1_000, 10_000_000),
        read.number("WEIR_MAX_PROMPT_TOKENS", 200_000, 1, 10_000_000),
        read.number("WEIR_MAX_OUTPUT_TOKENS", 16_384, 1, 1_000_000),
        LimiterSettings.of(
            Duration.ofSeconds(slot),
            Duration.ofMillis(read.number("WEIR_CLOCK_ERROR_MS", 250, 50, 5_000)),
            Duration.ofMillis(read.number("WEIR_LIMITER_TIMEOUT_MS", 1_000, 250, 5_000))),
        read.oneOf("WEIR_CACHE", "on", List.of("on", "off")).equals("on"),
        (int) read.number("WEIR_RETRY_BUDGET_PERCENT", 10, 0, 10),
        breaker(read),
        read.ledgerDays(),
        Duration.ofHours(read.number("WEIR_IDEMPOTENCY_HOURS", 24, 1, 168)),
        read.guardrail(),
        read.audit(),
        Optional.of(environment.getOrDefault("WEIR_CAPTURE_BUCKET", ""))
            .filter(bucket -> !bucket.isBlank()),
        new Embeddings(
            Duration.ofMillis(read.number("WEIR_EMBEDDING_WINDOW_MS", 0, 0, 50)),
            (int) read.number("WEIR_EMBEDDING_PARALLEL", 8, 1, 64),
            read.number("WEIR_MAX_REPLY_BYTES", 5_900_000, 100_000, 100_000_000)),
        sessions(read));
  }

  private static SessionSettings sessions(Reader read) {
    return new SessionSettings(
        read.environment().getOrDefault("SESSIONS_TABLE", ""),
        read.oneOf("WEIR_SESSIONS", "on", List.of("on", "off")).equals("on"),
        read.number("WEIR_SESSION_TOKENS", 16_000, 100, 1_000_000),
        Duration.ofHours(read.number("WEIR_SESSION_IDLE_HOURS", 720, 1, 8_760)),
        Duration.ofDays(read.number("WEIR_SESSION_DAYS", 90, 1, 3_650)));
  }

  private static CircuitBreaker.Rules breaker(Reader read) {
    Duration firstContent =
        Duration.ofSeconds(read.number("WEIR_FIRST_CONTENT_SECONDS", 60, 1, 300));
    return new CircuitBreaker.Rules(
        (int) read.number("WEIR_BREAKER_FAILURES", 5, 1, 100),
        Duration.ofSeconds(read.number("WEIR_BREAKER_SECONDS", 10, 1, 300)),
        firstContent.plus(PROBE_SLACK));
  }

  private record Reader(Map<String, String> environment) {

    String text(String key) {
      String value = environment.getOrDefault(key, "");
      if (value.isBlank()) {
        throw new IllegalArgumentException(key + " must be set");
      }
      return value;
    }

    Optional<GuardrailRef> guardrail() {
      String id = environment.getOrDefault("WEIR_GUARDRAIL_ID", "");
      return id.isBlank()
          ? Optional.empty()
          : Optional.of(new GuardrailRef(id, text("WEIR_GUARDRAIL_VERSION")));
    }

    Optional<Audit> audit() {
      long days = number("WEIR_AUDIT_DAYS", 0, 0, 3_650);
      // A row is kept as long as its entry, and must not go before its own time.
      long kept = Math.max(days, ledgerDays());
      return oneOf("WEIR_AUDIT", "on", List.of("on", "off")).equals("off")
          ? Optional.empty()
          : Optional.of(
              new Audit(days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(kept))));
    }

    int ledgerDays() {
      return (int) number("WEIR_LEDGER_DAYS", 400, 1, 3_650);
    }

    String oneOf(String key, String fallback, List<String> allowed) {
      String value = environment.getOrDefault(key, fallback);
      if (!allowed.contains(value)) {
        throw new IllegalArgumentException(
            "%s must be one of %s, not '%s'".formatted(key, allowed, value));
      }
      return value;
    }

    long number(String key, long fallback, long min, long max) {
      String value = environment.getOrDefault(key, Long.toString(fallback));
      long number;
      try {
        number = Long.parseLong(value);
      } catch (NumberFormatException e) {
        number = Long.MIN_VALUE;
      }
      if (number < min || number > max) {
        throw new IllegalArgumentException(
            "%s must be an integer from %d to %d, not '%s'".formatted(key, min, max, value));
      }
      return number;
    }
  }
}
