package dev.weir.admin;

import dev.weir.api.ApiError;
import dev.weir.api.Refused;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The typed query parameters of a request. */
record Parameters(Map<String, String> query) {

  /** Refuses every parameter that is not one of {@code known}. */
  Parameters only(String... known) {
    for (String name : query.keySet()) {
      if (!List.of(known).contains(name)) {
        throw wrong(name, "one of the parameters " + String.join(", ", known));
      }
    }
    return this;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(query.get(name));
  }

  Optional<LocalDate> date(String name) {
    return text(name)
        .map(text ->
            parsed(text, LocalDate::parse)
                .orElseThrow(() -> wrong(name, "a UTC day, such as 2026-11-22")));
  }

  int integer(String name, int most, int otherwise) {
    return text(name)
        .map(text ->
            parsed(text, Integer::parseInt)
                .filter(number -> number >= 1 && number <= most)
                .orElseThrow(() -> wrong(name, "an integer from 1 to " + most)))
        .orElse(otherwise);
  }

  <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> values) {
    return text(name)
        .map(text -> find(text, values).orElseThrow(() -> wrong(name, "one of " + names(values))));
  }

  static <E extends Enum<E>> Optional<E> find(String text, Class<E> values) {
    return Arrays.stream(values.getEnumConstants())
        .filter(value -> name(value).equals(text))
        .findFirst();
  }

  static <E extends Enum<E>> String names(Class<E> values) {
    return Arrays.stream(values.getEnumConstants())
        .map(Parameters::name)
        .collect(Collectors.joining(", "));
  }

  static <T> Optional<T> parsed(String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Refused wrong(String name, String expected) {
    return new Refused(
        ApiError.invalid(
            name, "invalid_value", "Invalid '%s'. Expected %s.".formatted(name, expected)));
  }
}
