package dev.weir.local.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields in their order; names match without regard to case. */
public final class Headers {
  private final List<Field> fields = new ArrayList<>();

  /** One field line. */
  public record Field(String name, String value) {}

  /** Header fields from name, value, name, value and so on. */
  public static Headers of(String... namesAndValues) {
    var headers = new Headers();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  /** Adds a field, beside those of the same name. */
  public void add(String name, String value) {
    fields.add(new Field(name, value));
  }

  /** Makes this the only field of its name. */
  public void set(String name, String value) {
    remove(name);
    add(name, value);
  }

  /** Takes every field of this name away. */
  public void remove(String name) {
    fields.removeIf(field -> field.name().equalsIgnoreCase(name));
  }

  /** The last value of this name. */
  public Optional<String> last(String name) {
    return fields.reversed().stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  /** Whether the value of this name holds the token, as in {@code Connection: close}. */
  public boolean has(String name, String token) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .flatMap(field -> List.of(field.value().split(",")).stream())
        .anyMatch(value -> value.strip().equalsIgnoreCase(token));
  }

  /** All fields in order. */
  public List<Field> fields() {
    return List.copyOf(fields);
  }
}
