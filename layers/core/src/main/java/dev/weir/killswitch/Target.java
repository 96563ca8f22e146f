package dev.weir.killswitch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a switch turns off.
 *
 * @param name empty for {@link Kind#ALL}
 */
public record Target(Kind kind, String name) {

  /** The kinds of things that can be turned off. */
  public enum Kind {
    /** Every call. */
    ALL,
    /** Calls of one tenant. */
    TENANT,
    /** Calls with one key, by its id. */
    KEY,
    /** Calls of one model, by the name clients use. */
    MODEL,
    /** Calls to one door, such as {@code chat}. */
    DOOR,
    /** Calls that offer one tool, by its function's name. */
    TOOL
  }

  /** Names of {@link Kind#DOOR}. */
  public static final List<String> DOORS = List.of("chat", "responses", "embeddings", "endpoints");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}");

  /**
   * Reads {@code all} or {@code kind:name}.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  public static Target parse(String text) {
    if (text.equals("all")) {
      return new Target(Kind.ALL, "");
    }
    int colon = text.indexOf(':');
    String name = text.substring(colon + 1);
    for (Kind kind : Kind.values()) {
      if (kind != Kind.ALL
          && colon > 0
          && text(kind).equals(text.substring(0, colon))
          && NAME.matcher(name).matches()) {
        return new Target(kind, name);
      }
    }
    throw new IllegalArgumentException(
        "a switch is all, or one of %s with a name, such as model:small; not %s"
            .formatted(
                Arrays.stream(Kind.values())
                    .filter(kind -> kind != Kind.ALL)
                    .map(kind -> text(kind) + ":")
                    .collect(Collectors.joining(", ")),
                text));
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return kind == Kind.ALL ? text(kind) : text(kind) + ":" + name;
  }

  private static String text(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
