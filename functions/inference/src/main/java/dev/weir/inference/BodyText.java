package dev.weir.inference;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What is text in the body of an invocation, by its content type: {@code text/*}, and whatever
 * calls itself JSON or lines of it.
 *
 * @param isJson whether it is to be judged by what its JSON says
 */
record BodyText(Charset charset, boolean isJson) {

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;]*))");

  /** In these every ASCII character is its own byte, and every such byte a character. */
  private static final Set<Charset> PLAIN =
      Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1);

  /** What a content type says. */
  sealed interface Kind {
    record Text(BodyText text) implements Kind {}

    record Opaque() implements Kind {}

    /** Text in a charset nobody here can read. */
    record Unreadable() implements Kind {}
  }

  static Kind of(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    String plain = type.split(";", 2)[0].strip();
    boolean isJson = plain.contains("json");
    if (!isJson && !plain.startsWith("text/")) {
      return new Kind.Opaque();
    }
    return charset(type)
        .<Kind>map(charset -> new Kind.Text(new BodyText(charset, isJson)))
        .orElseGet(Kind.Unreadable::new);
  }

  private static Optional<Charset> charset(String type) {
    List<String> named = CHARSET.matcher(type).results().map(BodyText::name).distinct().toList();
    if (named.isEmpty()) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    try {
      return Optional.of(Charset.forName(named.getFirst()))
          .filter(charset -> named.size() == 1 && charset.canEncode());
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  private static String name(MatchResult parameter) {
    return Optional.ofNullable(parameter.group(1)).orElseGet(() -> parameter.group(2)).strip();
  }

  String read(byte[] body) {
    return new String(body, charset);
  }

  byte[] write(String text) {
    return text.getBytes(charset);
  }

  /**
   * What somebody would read who does not heed the charset, where that may be something else: the
   * ASCII of the bytes.
   */
  Optional<String> unheeded(String text) {
    if (PLAIN.contains(charset) && text.indexOf('\0') < 0) {
      return Optional.empty();
    }
    String ascii = new String(write(text), StandardCharsets.US_ASCII);
    return Optional.of(ascii.replace("\0", "").replaceAll("\ufffd+", " "));
  }
}
