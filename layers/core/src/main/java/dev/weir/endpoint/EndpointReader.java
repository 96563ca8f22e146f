package dev.weir.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.guard.GuardBook;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one row of {@code endpoints.json}. */
final class EndpointReader {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
  private static final Pattern TYPE = Pattern.compile("[a-z0-9.+-]+/[a-z0-9.+-]+");
  private static final List<String> MODES = Arrays.stream(Mode.values()).map(Mode::text).toList();
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "endpoint",
          "modes",
          "contentTypes",
          "maxBodyBytes",
          "maxReplyBytes",
          "timeoutSeconds",
          "streamSeconds",
          "price",
          "variants",
          "components",
          "models",
          "sessions",
          "guard");

  /** SageMaker's limit of a body, both ways (InvokeEndpoint, API reference). */
  private static final long LARGEST_BODY = 6_291_456;

  private final JsonNode row;
  private final GuardBook guards;

  EndpointReader(JsonNode row, GuardBook guards) {
    this.row = row;
    this.guards = guards;
  }

  InferenceEndpoint read() {
    row.fieldNames()
        .forEachRemaining(key -> {
          if (!KEYS.contains(key)) {
            throw wrong(key, "is not one of " + KEYS.stream().sorted().toList());
          }
        });
    return new InferenceEndpoint(
        matching("id", ID),
        matching("endpoint", NAME),
        modes(),
        texts("contentTypes", TYPE),
        number("maxBodyBytes", LARGEST_BODY, 1, LARGEST_BODY),
        number("maxReplyBytes", LARGEST_BODY, 1, 200_000_000),
        Duration.ofSeconds(number("timeoutSeconds", 60, 1, 60)),
        Duration.ofSeconds(number("streamSeconds", 480, 1, 480)),
        price(),
        texts("variants", NAME),
        texts("components", NAME),
        row.path("models").asBoolean(),
        row.path("sessions").asBoolean(),
        guards.ofEndpoint(row.path("id").asText(), row.path("guard").asText()));
  }

  private Set<Mode> modes() {
    Set<Mode> modes = EnumSet.noneOf(Mode.class);
    for (JsonNode mode : row.path("modes")) {
      if (!MODES.contains(mode.asText())) {
        throw wrong("modes", "must be some of " + MODES);
      }
      modes.add(Mode.valueOf(mode.asText().toUpperCase(Locale.ROOT)));
    }
    if (modes.isEmpty()) {
      throw wrong("modes", "must be some of " + MODES);
    }
    return modes;
  }

  private EndpointPrice price() {
    JsonNode price = row.path("price");
    for (String key : List.of("source", "date")) {
      if (price.path(key).asText().isEmpty()) {
        throw wrong("price." + key, "is missing");
      }
    }
    return new EndpointPrice(
        pico(price, "invocationPicoUsd"),
        pico(price, "secondPicoUsd"),
        pico(price, "kilobytePicoUsd"),
        price.path("source").asText(),
        price.path("date").asText());
  }

  /** Stated even where it is nothing: an endpoint is never free by omission. */
  private long pico(JsonNode price, String key) {
    JsonNode value = price.path(key);
    if (!value.canConvertToLong() || value.asLong() < 0) {
      throw wrong("price." + key, "must be an integer of 0 or more pico-USD");
    }
    return value.asLong();
  }

  private String matching(String key, Pattern pattern) {
    String value = row.path(key).asText();
    if (!pattern.matcher(value).matches()) {
      throw wrong(key, "must match " + pattern);
    }
    return value;
  }

  private Set<String> texts(String key, Pattern pattern) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode text : row.path(key)) {
      if (!pattern.matcher(text.asText()).matches()) {
        throw wrong(key, "must match " + pattern);
      }
      texts.add(text.asText());
    }
    return texts;
  }

  private long number(String key, long otherwise, long least, long most) {
    JsonNode value = row.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
      throw wrong(key, "must be an integer from %d to %d".formatted(least, most));
    }
    return value.asLong();
  }

  private IllegalArgumentException wrong(String key, String what) {
    return new IllegalArgumentException(
        "endpoints.json: %s of %s %s".formatted(key, row.path("id").asText("?"), what));
  }
}
