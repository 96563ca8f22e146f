package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;

/** Reads {@code memory} of a model. */
final class RecallReader {

  private static final Set<String> TRIM = Set.of("mode", "tokens", "idleHours", "days");
  private static final Set<String> SUMMARISE =
      Set.of("mode", "tokens", "idleHours", "days", "model", "summaryTokens", "keepTokens");

  private static final long LONGEST_IDLE = 8_760;
  private static final long LONGEST_DAYS = 3_650;

  /** What a summariser is told beside the session. */
  private static final long QUESTION_TOKENS = 1_000;

  private final JsonNode memory;
  private final String id;

  private RecallReader(JsonNode memory, String id) {
    this.memory = memory;
    this.id = id;
  }

  /**
   * Reads one declaration.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  static Optional<Model.Recall> read(JsonNode memory, String id) {
    return memory.isMissingNode()
        ? Optional.empty()
        : Optional.of(new RecallReader(memory, id).read());
  }

  private Model.Recall read() {
    String mode = memory.path("mode").asText("trim");
    if (!mode.equals("trim") && !mode.equals("summarise")) {
      throw wrong(id, "mode", "must be trim or summarise");
    }
    boolean summarises = mode.equals("summarise");
    for (var field : memory.properties()) {
      if (!(summarises ? SUMMARISE : TRIM).contains(field.getKey())) {
        throw wrong(id, field.getKey(), "is no key of the mode " + mode);
      }
    }
    OptionalLong tokens =
        summarises || memory.has("tokens")
            ? OptionalLong.of(number("tokens", 1, Long.MAX_VALUE))
            : OptionalLong.empty();
    return new Model.Recall(
        tokens,
        summarises ? Optional.of(summary(tokens.orElseThrow())) : Optional.empty(),
        time("idleHours", LONGEST_IDLE, Duration::ofHours),
        time("days", LONGEST_DAYS, Duration::ofDays));
  }

  private Optional<Duration> time(String key, long most, LongFunction<Duration> unit) {
    return memory.has(key) ? Optional.of(unit.apply(number(key, 1, most))) : Optional.empty();
  }

  private Model.Summary summary(long tokens) {
    long keep = memory.has("keepTokens") ? number("keepTokens", 2, tokens - 1) : tokens / 2;
    return new Model.Summary(
        memory.path("model").asText(), number("summaryTokens", 1, keep - 1), keep);
  }

  private long number(String key, long least, long most) {
    JsonNode value = memory.path(key);
    if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > most) {
      throw wrong(
          id,
          key,
          "must be an integer "
              + (most == Long.MAX_VALUE ? "above 0" : "from " + least + " to " + most));
    }
    return value.asLong();
  }

  /**
   * Whether the model that summarises is there, and can.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  static void check(Model model, Map<String, Model> models) {
    model
        .recall()
        .ifPresent(recall ->
            recall.summary().ifPresent(summary -> check(model.id(), recall, summary, models)));
  }

  private static void check(
      String id, Model.Recall recall, Model.Summary summary, Map<String, Model> models) {
    Model by = models.get(summary.model());
    if (by == null) {
      throw wrong(id, "model", "must be the id of a chat model of the catalog");
    }
    if (by.maxOutputTokens() < summary.tokens()) {
      throw wrong(id, "summaryTokens", "must be at most what %s writes".formatted(summary.model()));
    }
    if (by.contextTokens() < recall.tokens().orElseThrow() + summary.tokens() + QUESTION_TOKENS) {
      throw wrong(id, "tokens", "must fit %s, its summary beside it".formatted(summary.model()));
    }
  }

  private static IllegalArgumentException wrong(String id, String key, String what) {
    return new IllegalArgumentException("models.json: memory.%s of %s %s".formatted(key, id, what));
  }
}
