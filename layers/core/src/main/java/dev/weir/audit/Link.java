package dev.weir.audit;

import java.util.Optional;

/** What a chain says of a segment. */
sealed interface Link {

  String segment();

  /** As {@link #read} reads it. */
  String text();

  /** An environment begins a segment. */
  record Opened(String segment, long atMillis) implements Link {
    @Override
    public String text() {
      return "opened " + segment + " " + atMillis;
    }
  }

  /**
   * A segment is over.
   *
   * @param length its blocks, the ending one included
   * @param hash the digest of the last of them
   */
  record Sealed(String segment, long length, String hash) implements Link {
    @Override
    public String text() {
      return "sealed " + segment + " " + length + " " + hash;
    }
  }

  /** The body of a link's block: its text, and when the block before it may be dropped. */
  default String body(long previousExpiry) {
    return text() + " " + previousExpiry;
  }

  /** When the block before this one may be dropped; 0: never, or nobody knows. */
  static long previousExpiry(String body) {
    try {
      return Long.parseLong(body.substring(body.lastIndexOf(' ') + 1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Reads what {@link #body} wrote; empty if it is nothing of the kind. */
  static Optional<Link> read(String body) {
    String[] words = body.split(" ", -1);
    try {
      return switch (words[0]) {
        case "opened" -> Optional.of(new Opened(words[1], Long.parseLong(words[2])));
        case "sealed" -> Optional.of(new Sealed(words[1], Long.parseLong(words[2]), words[3]));
        default -> Optional.empty();
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
