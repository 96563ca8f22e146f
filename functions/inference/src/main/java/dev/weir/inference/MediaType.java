package dev.weir.inference;

import java.util.Locale;

/** What can be read of a body, by its {@code Content-Type}. */
enum MediaType {
  JSON,
  TEXT,
  /** Nothing. */
  OPAQUE;

  static MediaType of(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (type.equals("application/json") || type.endsWith("+json")) {
      return JSON;
    }
    return type.startsWith("text/") ? TEXT : OPAQUE;
  }
}
