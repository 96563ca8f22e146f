package dev.weir.runtime;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes the few JSON texts the loop needs, so that this layer stands without a library. */
final class Json {
  private Json() {}

  static String quote(String text) {
    var json = new StringBuilder(text.length() + 16).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> quote(member.getKey()) + ":" + quote(member.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
