package dev.weir.audit;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The strand of a segment's entries.
 *
 * @param segment its id, which begins with the UTC day it was opened
 */
public record EntryStrand(String chain, String segment) {

  private static final String BEGINNING = "E#";
  private static final String SEPARATOR = "#";
  private static final String DAY_END = ".";

  /**
   * The id of a segment.
   *
   * @param rest what makes it one of its own, without {@code #}, spaces and line breaks
   */
  static String segment(LocalDate day, String rest) {
    return day + DAY_END + rest;
  }

  /** What the digests of its blocks name. */
  String name() {
    return BEGINNING + chain + SEPARATOR + segment;
  }

  /** The day its segment's id begins with; empty where an id begins with none. */
  public String day() {
    return segment.substring(0, Math.max(0, segment.indexOf(DAY_END)));
  }

  /** Reads what {@link #name} wrote; empty if it is no strand of entries. */
  public static Optional<EntryStrand> read(String strand) {
    int end = strand.lastIndexOf(SEPARATOR);
    return strand.startsWith(BEGINNING) && end >= BEGINNING.length()
        ? Optional.of(
            new EntryStrand(strand.substring(BEGINNING.length(), end), strand.substring(end + 1)))
        : Optional.empty();
  }
}
