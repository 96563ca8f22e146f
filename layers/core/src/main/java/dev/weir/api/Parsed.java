package dev.weir.api;

/** The outcome of reading a request body: a request, or the error the client gets. */
public sealed interface Parsed<T> {

  /** The body was well formed. */
  record Ok<T>(T value) implements Parsed<T> {}

  /** The body was refused before anything was spent. */
  record Bad<T>(ApiError error) implements Parsed<T> {}
}
