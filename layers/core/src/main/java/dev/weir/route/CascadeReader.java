package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;

/** Reads {@code cascade} of a model. */
final class CascadeReader {

  private static final Set<String> KEYS =
      Set.of("small", "signals", "streamWhenSmall", "serveSmallWhenLargeFails");
  private static final int MOST_SAMPLES = 5;
  private static final int MOST_PHRASES = 100;
  private static final double MOST_TOKENS = 10_000_000;

  private final JsonNode cascade;
  private final Model large;
  private final Map<String, Model> models;
  private final List<Signal> signals = new ArrayList<>();

  private CascadeReader(JsonNode cascade, Model large, Map<String, Model> models) {
    this.cascade = cascade;
    this.large = large;
    this.models = models;
  }

  /**
   * Reads one declaration.
   *
   * @param models every model of the catalog, none with a cascade yet
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  static Optional<Cascade> read(JsonNode row, Model large, Map<String, Model> models) {
    JsonNode cascade = row.path("cascade");
    return cascade.isMissingNode()
        ? Optional.empty()
        : Optional.of(new CascadeReader(cascade, large, models).read());
  }

  private Cascade read() {
    known(cascade, "cascade", KEYS);
    Model small = model(cascade, "cascade.small", "small");
    JsonNode rows = cascade.path("signals");
    if (!rows.isArray() || rows.isEmpty()) {
      throw wrong("cascade.signals", "must be a list of at least one signal");
    }
    Set<String> names = new HashSet<>();
    for (JsonNode row : rows) {
      Signal signal = signal(row, "cascade.signals[%d]".formatted(signals.size()));
      if (!names.add(signal.name())) {
        throw wrong("cascade.signals", "must not name " + signal.name() + " twice");
      }
      signals.add(signal);
    }
    return new Cascade(
        small,
        all(Signal.Before.class),
        all(Signal.After.class),
        all(Signal.Asking.class),
        flag("streamWhenSmall", true),
        flag("serveSmallWhenLargeFails", false));
  }

  private <T extends Signal> List<T> all(Class<T> kind) {
    return signals.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private Signal signal(JsonNode row, String where) {
    String name = row.path("signal").asText();
    return switch (name) {
      case "prompt-tokens" -> {
        known(row, where, Set.of("signal", "above"));
        yield new Signal.PromptTokens((long) number(row, where, "above", 1, MOST_TOKENS, true));
      }
      case "tools" -> {
        known(row, where, Set.of("signal", "above"));
        yield new Signal.Tools((long) number(row, where, "above", 0, 128, true));
      }
      case "images" -> plain(row, where, new Signal.Images());
      case "response-format" -> plain(row, where, new Signal.Format());
      case "tier" -> plain(row, where, new Signal.Asked());
      case "truncated" -> plain(row, where, new Signal.Truncated());
      case "schema" -> plain(row, where, new Signal.Schema());
      case "refusal" -> {
        known(row, where, Set.of("signal", "phrases"));
        yield new Signal.Refusal(phrases(row, where));
      }
      case "self-consistency" -> {
        known(row, where, Set.of("signal", "samples", "agreement"));
        yield new SelfConsistency(
            (int) number(row, where, "samples", 2, MOST_SAMPLES, true),
            number(row, where, "agreement", 0, 1, false));
      }
      case "score" -> {
        known(row, where, Set.of("signal", "model", "atLeast"));
        yield new Score(
            model(row, where + ".model", "model"),
            (int) number(row, where, "atLeast", 1, 10, true));
      }
      default -> throw wrong(where + ".signal", "must be one of " + NAMES);
    };
  }

  private static final List<String> NAMES =
      List.of(
          "prompt-tokens",
          "tools",
          "images",
          "response-format",
          "tier",
          "truncated",
          "schema",
          "refusal",
          "self-consistency",
          "score");

  private Signal plain(JsonNode row, String where, Signal signal) {
    known(row, where, Set.of("signal"));
    return signal;
  }

  private void known(JsonNode row, String where, Set<String> keys) {
    for (var field : row.properties()) {
      if (!keys.contains(field.getKey())) {
        throw wrong(where + "." + field.getKey(), "must be one of " + keys);
      }
    }
  }

  private Model model(JsonNode row, String where, String key) {
    Model model = models.get(row.path(key).asText());
    if (model == null || model.id().equals(large.id())) {
      throw wrong(where, "must be the id of another model");
    }
    return model;
  }

  private double number(
      JsonNode row, String where, String key, double least, double most, boolean isWhole) {
    JsonNode value = row.path(key);
    DoublePredicate isInside = number -> number >= least && number <= most;
    if (!value.isNumber()
        || (isWhole && !value.isIntegralNumber())
        || !isInside.test(value.asDouble())) {
      throw wrong(
          where + "." + key,
          isWhole
              ? "must be an integer from %d to %d".formatted((long) least, (long) most)
              : "must be a number from %.0f to %.0f".formatted(least, most));
    }
    return value.asDouble();
  }

  private List<String> phrases(JsonNode row, String where) {
    if (!row.has("phrases")) {
      return Signal.Refusal.COMMON;
    }
    List<String> phrases = new ArrayList<>();
    for (JsonNode phrase : row.path("phrases")) {
      phrases.add(phrase.asText().toLowerCase(Locale.ROOT));
    }
    if (phrases.isEmpty() || phrases.size() > MOST_PHRASES || phrases.contains("")) {
      throw wrong(where + ".phrases", "must be 1 to %d texts, none empty".formatted(MOST_PHRASES));
    }
    return phrases;
  }

  private boolean flag(String key, boolean absent) {
    JsonNode value = cascade.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong("cascade." + key, "must be true or false");
    }
    return value.isMissingNode() ? absent : value.asBoolean();
  }

  private IllegalArgumentException wrong(String key, String what) {
    return new IllegalArgumentException(
        "models.json: %s of %s %s".formatted(key, large.id(), what));
  }
}
